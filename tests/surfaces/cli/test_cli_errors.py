"""Whatever is wrong: one sentence on standard error, a status of its own, never a traceback."""

import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from sotto_hub.errors import HubError, LinkDown
from sotto_hub.surfaces.cli.main import main
from tests.surfaces.cli.command_line import Done, Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion, scripted_companion


def one_sentence(done: Done) -> str:
    assert not done.out
    assert done.err.startswith("sotto: ")
    assert done.err.count("\n") == 1
    return done.err


async def test_no_hub_is_known(sotto: Sotto) -> None:
    done = await sotto("status")
    assert done.status == 5
    assert "sotto-hub run" in one_sentence(done)


async def test_the_hub_is_away(sotto: Sotto, tmp_path: Path) -> None:
    async with scripted_companion() as gone:
        gone.save_client(tmp_path / "home")
    done = await sotto("status", "--home", str(tmp_path / "home"))
    assert done.status == 4
    assert "cannot be reached" in one_sentence(done)


async def test_the_hub_refuses(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.fail["Status"] = (grpc.StatusCode.PERMISSION_DENIED, "this certificate is a device's")
    done = await keeper("status")
    assert (done.status, one_sentence(done)) == (5, "sotto: this certificate is a device's [refused]\n")


async def test_broken_credentials(sotto: Sotto, tmp_path: Path) -> None:
    folder = tmp_path / ".config/sotto/client"
    folder.mkdir(parents=True)
    (folder / "link.json").write_text("{")
    done = await sotto("status")
    assert done.status == 5
    assert "cannot be used" in one_sentence(done)


async def test_the_screen_needs_a_terminal(sotto: Sotto) -> None:
    done = await sotto("tui")
    assert done.status == 2
    assert "needs a terminal" in one_sentence(done)


async def test_models_ask_before_they_fetch(sotto: Sotto, tmp_path: Path) -> None:
    listed = await sotto("models", "list", "--home", str(tmp_path / "h"))
    assert "base.en" in listed.out
    assert f"folder: {tmp_path / 'h' / 'models'}" in listed.out
    unasked = await sotto("models", "pull", "tiny")
    assert unasked.status == 2
    assert "78 MB from http" in unasked.out
    assert unasked.err.endswith("say --yes [confirm]\n")
    unknown = await sotto("models", "pull", "huge")
    assert (unknown.status, "there is no model 'huge'" in unknown.err) == (2, True)


def test_errors_of_tasks_are_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    from sotto_hub.surfaces.cli.main import _first_of_ours

    inner = ExceptionGroup("tasks", [ValueError("x"), LinkDown("hub_away", "the hub is gone")])
    assert isinstance(_first_of_ours(ExceptionGroup("outer", [inner])), LinkDown)
    with pytest.raises(ExceptionGroup):
        _first_of_ours(ExceptionGroup("outer", [ValueError("a fault of the program")]))
    assert main(["mute", "--for", "never"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert HubError("a", "b").exit_status == 1


@pytest.mark.parametrize("command", [[], ["memory"], ["models"], ["replay"], ["demo"], ["pair"]])
def test_help_is_there_and_light(command: list[str]) -> None:
    code = "import sys; from sotto_hub.surfaces.cli.main import main\ntry: main(sys.argv[1:])\n"
    code += "except SystemExit as e: status = e.code\nprint(sorted(sys.modules)); sys.exit(status)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--help"], capture_output=True, text=True, check=True
    )
    assert "usage: sotto" in done.stdout
    assert not {m for m in ("grpc", "numpy", "textual", "google.protobuf", "av") if f"'{m}'" in done.stdout}
