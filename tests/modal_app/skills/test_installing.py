"""Skills on the shared volume: installed by the application, left alone where they are others'."""

import os
from pathlib import Path

import pytest

from modal_app.skills import FOLDER, install_skills, read_skills
from tests.modal_app.execution import served, settings_for

OWN = ["audio", "canvas-2d", "images", "p5js", "polish", "threejs", "touch"]


def installed(shared: Path) -> dict[str, str]:
    return {
        path.relative_to(shared / FOLDER).as_posix(): path.read_text() for path in files(shared)
    }


def files(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / FOLDER).rglob("*") if path.is_file())


async def test_an_application_that_serves_has_its_skills(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with served(settings):
        assert list(read_skills(settings.layout.shared, ["images", "touch"])) == ["images", "touch"]


def test_a_second_installation_touches_nothing(tmp_path: Path) -> None:
    install_skills(tmp_path)
    before = [(path, path.stat().st_ino) for path in files(tmp_path)]
    assert [path.parent.name for path, _ in before] == OWN
    install_skills(tmp_path)
    assert [(path, path.stat().st_ino) for path in files(tmp_path)] == before


@pytest.mark.parametrize("damage", ["older", "empty", "missing"])
def test_what_is_missing_or_differs_is_replaced(tmp_path: Path, damage: str) -> None:
    install_skills(tmp_path)
    whole = installed(tmp_path)
    victim = tmp_path / FOLDER / "touch" / "SKILL.md"
    victim.unlink()
    if damage != "missing":
        victim.write_text("an older text" if damage == "older" else "")
    install_skills(tmp_path)
    assert installed(tmp_path) == whole


def test_skills_of_others_stay(tmp_path: Path) -> None:
    own = tmp_path / FOLDER / "house-style" / "SKILL.md"
    own.parent.mkdir(parents=True)
    own.write_text("---\nname: house-style\ndescription: ours\n---\ntext")
    install_skills(tmp_path)
    assert own.read_text().endswith("text")
    assert list(read_skills(tmp_path, ["house-style", "audio"])) == ["house-style", "audio"]


async def test_a_volume_that_cannot_be_written_does_not_keep_it_from_serving(
    tmp_path: Path,
) -> None:
    settings = settings_for(tmp_path)
    # Root ignores permissions; a file in the place of the volume refuses everybody.
    settings.layout.shared.write_text("no directory")
    async with served(settings) as client:
        assert (await client.http.get("/health")).status_code == 200


def test_a_reader_never_sees_half_a_skill(tmp_path: Path) -> None:
    """Another file takes the name: who has opened the old one reads it to its end."""
    install_skills(tmp_path)
    victim = tmp_path / FOLDER / "audio" / "SKILL.md"
    victim.write_text("old " * 1_000)
    with victim.open() as reader:
        install_skills(tmp_path)
        assert reader.read() == "old " * 1_000
    assert os.listdir(victim.parent) == ["SKILL.md"]  # noqa: PTH208 - hidden leftovers too
