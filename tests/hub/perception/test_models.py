"""Fetching models: the real client of the Hugging Face Hub against a scripted one on loopback."""

from pathlib import Path

import pytest

from sotto_hub.errors import HomeError, LinkDown, UsageError
from sotto_hub.models import CATALOGUE, installed, named, plan, pull, pull_command
from tests.hub.perception.model_source import ModelSource
from tests.hub.perception.recorded_sound import FIXTURE

REPOSITORY = "Systran/faster-whisper-tiny"
NAMES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.json")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: (FIXTURE / name).read_bytes() for name in NAMES} | {"README.md": b"not wanted"}


def test_a_plan_says_what_from_where_and_to_where(tmp_path: Path) -> None:
    agreed = plan("small", tmp_path, endpoint="http://mirror.home")
    assert agreed.source == "http://mirror.home/Systran/faster-whisper-small"
    assert not agreed.present
    for part in ("486 MB", "MIT", "99 languages", str(tmp_path / "small")):
        assert part in agreed.sentence


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose one of tiny, "):
        plan("giant", tmp_path)
    assert pull_command("giant") == "sotto models pull small"


def test_the_catalogue_is_in_order_of_size() -> None:
    sizes = [model.size_mb for model in CATALOGUE]
    assert sizes == sorted(sizes)
    assert named("tiny.en").languages == "English"


def test_a_pull_fetches_what_is_needed_and_tells_how_far_it_is(tmp_path: Path, files: dict[str, bytes]) -> None:
    told: list[tuple[int, int]] = []
    with ModelSource(REPOSITORY, files) as source:
        folder = pull("tiny", tmp_path, lambda done, total: told.append((done, total)), endpoint=source.address)
        asked = len(source.requests)
        assert pull("tiny", tmp_path, endpoint=source.address) == folder
    assert len(source.requests) == asked
    assert source.tokens == []
    assert installed(tmp_path) == ("tiny",)
    assert (folder / "model.bin").read_bytes() == files["model.bin"]
    assert not (folder / "README.md").exists()
    assert folder.stat().st_mode & 0o077 == 0
    whole = sum(len(files[name]) for name in NAMES)
    assert told == sorted(told)
    assert told[-1] == (whole, whole)
    assert not list(folder.glob("*.part"))


def test_a_file_that_comes_damaged_is_not_kept(tmp_path: Path, files: dict[str, bytes]) -> None:
    with ModelSource(REPOSITORY, files) as source:
        source.damaged = "model.bin"
        with pytest.raises(LinkDown):
            pull("tiny", tmp_path, endpoint=source.address)
        assert installed(tmp_path) == ()
        source.damaged = ""
        pull("tiny", tmp_path, endpoint=source.address)
    assert installed(tmp_path) == ("tiny",)


def test_a_pull_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path, files: dict[str, bytes]) -> None:
    large = files | {"model.bin": bytes(range(256)) * 80_000}
    with ModelSource(REPOSITORY, large, breaks_after=15_000_000) as source:
        folder = pull("tiny", tmp_path, endpoint=source.address)
    assert (folder / "model.bin").read_bytes() == large["model.bin"]
    assert [first_byte(wanted) > 0 for wanted in source.ranges] == [True]


class BrokenOff(Exception):
    """The person has had enough."""


def test_a_pull_that_a_person_broke_off_goes_on_later(tmp_path: Path, files: dict[str, bytes]) -> None:
    large = files | {"model.bin": bytes(range(256)) * 80_000}

    def enough(done: int, _total: int) -> None:
        if done > 10_000_000:
            raise BrokenOff

    with ModelSource(REPOSITORY, large) as source:
        with pytest.raises(BrokenOff):
            pull("tiny", tmp_path, enough, endpoint=source.address)
        assert installed(tmp_path) == ()
        folder = pull("tiny", tmp_path, endpoint=source.address)
    assert (folder / "model.bin").read_bytes() == large["model.bin"]
    assert [first_byte(wanted) > 0 for wanted in source.ranges] == [True]


def first_byte(wanted: str) -> int:
    """Where a range request begins."""
    return int(wanted.removeprefix("bytes=").split("-")[0])


def test_no_network_is_a_sentence(tmp_path: Path) -> None:
    with ModelSource(REPOSITORY, {}) as source:
        address = source.address
    with pytest.raises(LinkDown, match="cannot be reached") as caught:
        pull("tiny", tmp_path, endpoint=address)
    assert caught.value.exit_status == 4
    assert installed(tmp_path) == ()


def test_a_source_without_the_model_is_a_sentence(tmp_path: Path) -> None:
    with ModelSource("somebody/else", {}) as source, pytest.raises(LinkDown, match="answered 404"):
        pull("tiny", tmp_path, endpoint=source.address)


def test_a_source_that_gives_only_a_part_is_a_sentence(tmp_path: Path) -> None:
    with (
        ModelSource(REPOSITORY, {"config.json": b"{}"}) as source,
        pytest.raises(LinkDown, match="run the pull again"),
    ):
        pull("tiny", tmp_path, endpoint=source.address)
    assert installed(tmp_path) == ()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(HomeError, match="cannot be written"):
        pull("tiny", tmp_path / "models")
