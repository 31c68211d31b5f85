"""The use cases over the neighbours that this process opened."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.providers.pictures import PillowPictures
from adapters.server.metrics import LoggedMetrics
from adapters.stores.embedded.slots import EmbeddedSlots
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.assets import AssetUseCases
from resolvers.engine import running_engine
from resolvers.generations import GenerationUseCases
from resolvers.illustration import Illustration
from resolvers.pipeline import Pipeline, Ports
from resolvers.projects import ProjectUseCases
from resolvers.publishing import PublishingUseCases
from schema.execution_port import Execution
from schema.mirror import Mirror
from schema.object_storage import ObjectStorage
from schema.ports import EventLog
from schema.providers import Providers


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the use cases work with."""

    log: EventLog
    store: EmbeddedStore
    storage: ObjectStorage
    mirror: Mirror
    execution: Execution
    providers: Providers


@dataclass(frozen=True, slots=True)
class UseCases:
    """What every protocol is a view of."""

    projects: ProjectUseCases
    generations: GenerationUseCases
    assets: AssetUseCases
    publishing: PublishingUseCases


async def open_use_cases(
    outside: Neighbours, draining: Callable[[], bool], stack: AsyncExitStack
) -> UseCases:
    """Recovers what an earlier process left, then takes requests until `stack` unwinds.

    Files of assets without a row are removed: nobody else may write to the storage.
    """
    store, mirror, execution = outside.store, outside.mirror, outside.execution
    assets = AssetUseCases(store, store.assets, outside.storage, _now)
    await assets.sweep()
    painter = outside.providers.images
    illustration = Illustration(painter, assets, execution, mirror) if painter else None
    pipeline = Pipeline(store, mirror, execution, store.assets, _now, illustration)
    ports = Ports(outside.log, execution, store, LoggedMetrics(), pipeline)
    slots = EmbeddedSlots()
    engine = await stack.enter_async_context(running_engine(ports, slots))
    publishing = PublishingUseCases(
        store,
        store.drafts,
        store.assets,
        outside.storage,
        mirror,
        execution,
        PillowPictures(),
        outside.providers,
    )
    projects = ProjectUseCases(store, mirror, execution, engine, publishing, _now)
    generations = GenerationUseCases(store, outside.log, slots, engine, pipeline, _now, draining)
    return UseCases(projects, generations, assets, publishing)


def _now() -> datetime:
    return datetime.now(UTC)
