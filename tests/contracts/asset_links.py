"""Which projects use which assets."""

from dataclasses import replace

from schema.assets import ProjectName
from schema.identifiers import random_uuid
from tests.contracts.asset_records import WholeStore, stored_asset
from tests.contracts.records import stored_project


class LinksContract:
    """`link_asset`, and what is told of links."""

    async def test_links_are_told_in_the_order_of_linking(self, store: WholeStore) -> None:
        owner = random_uuid()
        ship, star = await stored_asset(store, owner), await stored_asset(store, owner)
        first, second = [
            await stored_project(store, user_id=owner, name=name) for name in ("宇宙, 船", "B")
        ]
        await store.assets.link_asset(second.id.upper(), ship.id.upper())
        await store.assets.link_asset(first.id, ship.id)
        await store.assets.link_asset(first.id, star.id)
        names = [ProjectName(project.id, project.name) for project in (second, first)]
        unlinked = await stored_asset(store, owner)
        asked = [ship.id, star.id, unlinked.id, random_uuid()]
        assert await store.assets.linked_projects(asked) == {
            ship.id: tuple(names),
            star.id: (names[1],),
        }
        assert await store.assets.linked_projects([ship.id.upper()]) == {ship.id: tuple(names)}
        assert await store.assets.linked_projects([]) == {}
        assert await store.assets.project_assets(first.id.upper()) == [ship, star]
        assert await store.assets.project_assets(second.id) == [ship]

    async def test_a_project_is_linked_once(self, store: WholeStore) -> None:
        ship, star = await stored_asset(store), await stored_asset(store)
        project = await stored_project(store)
        for asset in (ship, star, ship):
            await store.assets.link_asset(project.id, asset.id)
        assert await store.assets.project_assets(project.id) == [ship, star]
        linked = await store.assets.linked_projects([ship.id])
        assert linked == {ship.id: (ProjectName(project.id, project.name),)}

    async def test_what_is_gone_is_not_linked(self, store: WholeStore) -> None:
        asset, project = await stored_asset(store), await stored_project(store)
        await store.assets.link_asset(random_uuid(), asset.id)
        await store.assets.link_asset(project.id, random_uuid())
        assert await store.assets.linked_projects([asset.id]) == {}
        assert await store.assets.project_assets(project.id) == []
        assert await store.assets.project_assets(random_uuid()) == []

    async def test_a_deleted_asset_stays_linked_and_is_not_the_projects(
        self, store: WholeStore
    ) -> None:
        asset, project = await stored_asset(store), await stored_project(store)
        await store.assets.link_asset(project.id, asset.id)
        await store.assets.delete_asset(asset.id)
        assert await store.assets.project_assets(project.id) == []
        assert list(await store.assets.linked_projects([asset.id])) == [asset.id]

    async def test_a_renamed_project_is_told_by_its_name(self, store: WholeStore) -> None:
        asset, project = await stored_asset(store), await stored_project(store)
        await store.assets.link_asset(project.id, asset.id)
        await store.rename_project(project.id, "Later")
        linked = await store.assets.linked_projects([asset.id])
        assert linked == {asset.id: (ProjectName(project.id, "Later"),)}

    async def test_assets_survive_their_project(self, store: WholeStore) -> None:
        project, other = await stored_project(store), await stored_project(store)
        asset = await stored_asset(store, project.user_id, created_in_project_id=project.id)
        for linked in (project, other):
            await store.assets.link_asset(linked.id, asset.id)
        await store.delete_project(project.id)
        assert await store.assets.asset(asset.id) == replace(asset, created_in_project_id=None)
        links = await store.assets.linked_projects([asset.id])
        assert links == {asset.id: (ProjectName(other.id, other.name),)}

    async def test_an_asset_of_a_project_that_is_gone_is_kept(self, store: WholeStore) -> None:
        asset = await stored_asset(store, created_in_project_id=random_uuid())
        assert asset.created_in_project_id is None
        assert await store.assets.asset(asset.id) == asset
