"""The docs agree with the code: every command, every RPC, every promise, every link."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sotto_proto.v1 import companion_pb2, link_pb2

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROMISES = [f"P{n}" for n in range(1, 10)] + [f"R{n}" for n in range(1, 6)]


def subcommands(command: str, *path: str) -> list[str]:
    """The commands that `--help` lists in braces."""
    done = subprocess.run(
        [Path(sys.executable).parent / command, *path, "--help"], capture_output=True, text=True, check=True
    )
    listed = re.search(r"\{([a-z,-]+)\}", done.stdout.replace("\n", ""))
    return listed[1].split(",") if listed else []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    wanted = [f"sotto {c}" for c in subcommands("sotto")]
    wanted += [f"sotto memory {c}" for c in subcommands("sotto", "memory")]
    wanted += [f"sotto models {c}" for c in subcommands("sotto", "models")]
    wanted += [f"sotto devices {c}" for c in subcommands("sotto", "devices")]
    wanted += [f"sotto-device {c}" for c in subcommands("sotto-device")]
    wanted += [f"sotto-hub {c}" for c in subcommands("sotto-hub")]
    assert len(wanted) > 15
    assert [w for w in wanted if f"`{w}" not in readme] == []


def test_the_link_page_names_every_rpc_and_every_message() -> None:
    page = (ROOT / "docs/LINK.md").read_text()
    services = [*link_pb2.DESCRIPTOR.services_by_name.values(), *companion_pb2.DESCRIPTOR.services_by_name.values()]
    methods = [f"`{s.name}.{m.name}`" for s in services for m in s.methods]
    messages = [f"`{name}`" for name in link_pb2.DESCRIPTOR.message_types_by_name]
    assert len(methods) == 32
    assert [n for n in methods + messages if n not in page] == []


def test_every_promise_has_its_state() -> None:
    page = (ROOT / "docs/PROMISES.md").read_text()
    rows = {
        m[1]: m[2].strip() for m in re.finditer(r"^\| \*\*([PR]\d)\b[^|]*\*\* \|[^|]*\| ([a-z ]+)[^|]*\|", page, re.M)
    }
    assert sorted(rows) == sorted(PROMISES)
    assert set(rows.values()) <= {"kept", "kept in part", "not yet"}


def test_tests_that_the_promises_name_exist() -> None:
    page = (ROOT / "docs/PROMISES.md").read_text()
    named = set(re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", page))
    assert named
    for path, function in named:
        assert (ROOT / path).exists(), path
        assert not function or f"def {function}(" in (ROOT / path).read_text(), f"{path}::{function}"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_and_pictures_exist(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
    assert [t for t in targets if not (path.parent / t).exists()] == []


def test_the_changelog_has_the_version() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_lock_pins_everything_and_holds_no_address() -> None:
    for name in ("requirements.lock", "requirements-device.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins = re.findall(r"^([\w.-]+)==", text, re.M)
        assert len(pins) > 10
        assert len(re.findall(r"^    --hash=sha256:", text, re.M)) >= len(pins)


def test_every_adr_is_listed() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    pages = [p.name for p in (ROOT / "docs/adr").glob("[0-9]*.md")]
    assert pages
    assert [p for p in pages if p not in index] == []
