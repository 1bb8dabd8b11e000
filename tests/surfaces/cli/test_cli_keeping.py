"""What the keeper of a hub does: devices, audit, backup, and what it says when something is missing."""

import asyncio
import json
import os
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import grpc

from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from tests.surfaces.cli.command_line import Done, Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

SECOND = 1_000_000_000
MORNING = 1_773_039_608 * SECOND  # 2026-03-09 08:00:08 in Stockholm
LATER = MORNING + 3_600 * SECOND


def household(hub: ScriptedCompanion) -> None:
    device, client = link_pb2.PEER_ROLE_DEVICE, link_pb2.PEER_ROLE_CLIENT
    hub.paired += [
        pb.PeerInfo(id="keeper", name="this machine", role=client, paired_ns=MORNING, connected=True),
        pb.PeerInfo(id="device-1", name="pendant", role=device, paired_ns=MORNING, seen_ns=LATER),
        pb.PeerInfo(id="client-1", name="phone", role=client, scopes=["ask", "watch"], paired_ns=MORNING),
    ]
    hub.paired[0].scopes.extend(["watch", "ask", "memory", "control", "keep"])


async def test_devices_in_words(hub: ScriptedCompanion, keeper: Sotto) -> None:
    assert "nothing is paired yet" in (await keeper("devices", "list")).out
    household(hub)
    assert (await keeper("devices", "list")).out.splitlines() == [
        "this machine  client, connected",
        "              may everything; paired 2026-03-09 08:00; id keeper",
        "pendant       device, seen 2026-03-09 09:00",
        "              may send what it senses; paired 2026-03-09 08:00; id device-1",
        "phone         client, never seen",
        "              may watch, ask; paired 2026-03-09 08:00; id client-1",
    ]
    data = json.loads((await keeper("devices", "list", "--json")).out)
    assert [(row["name"], row["role"], row["scopes"]) for row in data[1:]] == [
        ("pendant", "device", []),
        ("phone", "client", ["ask", "watch"]),
    ]


async def test_a_peer_is_revoked(hub: ScriptedCompanion, keeper: Sotto) -> None:
    household(hub)
    assert (await keeper("devices", "revoke", "pendant")).err.endswith("say --yes [confirm]\n")
    done = await keeper("devices", "revoke", "pendant", "--yes")
    assert done.out.startswith("revoked: the device pendant is cut off")
    assert json.loads((await keeper("devices", "revoke", "client-1", "--yes", "--json")).out)["name"] == "phone"
    again = await keeper("devices", "revoke", "pendant", "--yes")
    assert (again.status, "no such peer" in again.err) == (2, True)


async def test_the_audit_names_everybody(hub: ScriptedCompanion, keeper: Sotto) -> None:
    assert (await keeper("audit")).out == "The hub called nobody of its own accord.\n"
    hub.contacts.since_ns = MORNING
    hub.contacts.contacts.extend(
        [
            pb.Contact(who="device-1", name="pendant", purpose="device", received_bytes=12_300_000, calls=1_234),
            pb.Contact(who="127.0.0.1:11434", purpose="model server", outgoing=True, sent_bytes=512, calls=3),
            pb.Contact(who="models.example:443", purpose="a library", outgoing=True, refused=2, last_ns=LATER),
            pb.Contact(who="client-1", name="phone", purpose="client", refused=1),
        ]
    )
    for contact in hub.contacts.contacts[:2]:
        contact.since_ns = MORNING
    assert (await keeper("audit")).out.splitlines() == [
        "counted since 2026-03-09 08:00; in and out as the hub sees it",
        "who spoke to the hub",
        "  with     what for  since                  in  out  calls",
        "  pendant  device    2026-03-09 08:00  12.3 MB  0 B  1,234",
        "whom the hub called",
        "  with             what for      since              in    out  calls",
        "  127.0.0.1:11434  model server  2026-03-09 08:00  0 B  512 B      3",
        "refused",
        "  with                what was tried                   how often  last",
        "  models.example:443  a library wanted to call it      2 times    2026-03-09 09:00",
        "  phone               it asked for what it may not do  1 time",
        "The hub called 1 address of its own accord; 2 attempts to call somebody else were refused.",
    ]
    assert json.loads((await keeper("audit", "--json")).out)["contacts"][2]["refused"] == 2


# ---- the backup


async def backup(person: Path, *arguments: str, typed: bytes | None = None, passphrase: str = "") -> Done:
    """`sotto backup` with a passphrase in the environment, or typed at a terminal of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOTTO_")} | {"HOME": str(person)}
    if passphrase:
        environment["SOTTO_PASSPHRASE"] = passphrase
    code = "import os, sys; os.setsid() if sys.stdin.isatty() else None; import fcntl, termios\n"
    code += "if sys.stdin.isatty(): fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    code += "from sotto_hub.surfaces.cli.main import main; sys.exit(main(sys.argv[1:]))"
    terminal, theirs = os.openpty() if typed is not None else (-1, asyncio.subprocess.DEVNULL)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, "backup", *arguments, stdin=theirs, stdout=PIPE, stderr=PIPE, env=environment
    )
    if typed is not None:
        os.close(theirs)
        for line in typed.splitlines(keepends=True):
            await asyncio.to_thread(read_until, terminal, b": ")
            os.write(terminal, line)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    if typed is not None:
        os.close(terminal)
    return Done(status=process.returncode or 0, out=out.decode(), err=err.decode())


def read_until(terminal: int, prompt: bytes) -> None:
    shown = b""
    while not shown.endswith(prompt):
        shown += os.read(terminal, 1)


def at_home(hub: ScriptedCompanion, tmp_path: Path) -> ScriptedCompanion:
    hub.save_client(tmp_path / ".local/share/sotto")
    hub.backup = [b"SOTTOBAK", b"piece"]
    return hub


async def test_a_backup_is_private_and_replaces_nothing(hub: ScriptedCompanion, tmp_path: Path) -> None:
    at_home(hub, tmp_path)
    file = tmp_path / "sotto.backup"
    done = await backup(tmp_path, str(file), passphrase="correct horse")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{file} holds everything, sealed: 13 B\nto bring it back: sotto-hub restore {file}")
    assert file.read_bytes() == b"SOTTOBAKpiece"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert hub.requests(pb.BackupRequest)[0].passphrase == "correct horse"
    again = await backup(tmp_path, str(file), passphrase="x")
    assert (again.status, again.err.endswith("--force to replace it [exists]\n")) == (2, True)
    hub.backup = [b"SOTTOBAK newer"]
    assert (await backup(tmp_path, str(file), "--force", passphrase="x")).status == 0
    assert file.read_bytes() == b"SOTTOBAK newer"


async def test_force_replaces_nothing_but_a_backup(hub: ScriptedCompanion, tmp_path: Path) -> None:
    """Not even the hub's own database, which lies where people look for something to back up."""
    at_home(hub, tmp_path)
    file = tmp_path / "hub.db"
    file.write_bytes(b"everything that is known")
    done = await backup(tmp_path, str(file), "--force", passphrase="correct horse")
    assert (done.status, "is no backup" in done.err) == (2, True)
    assert file.read_bytes() == b"everything that is known"


async def test_a_backup_that_breaks_off_leaves_nothing(hub: ScriptedCompanion, tmp_path: Path) -> None:
    at_home(hub, tmp_path)
    hub.fail["Backup"] = (grpc.StatusCode.UNAVAILABLE, "the hub stops")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert (await backup(tmp_path, str(folder / "a"), passphrase="x")).status == 4
    del hub.fail["Backup"]
    hub.backup = []
    empty = await backup(tmp_path, str(folder / "a"), passphrase="x")
    assert (empty.status, "empty backup" in empty.err) == (1, True)
    assert list(folder.iterdir()) == []


async def test_a_backup_wants_a_place_and_a_passphrase(hub: ScriptedCompanion, tmp_path: Path) -> None:
    at_home(hub, tmp_path)
    nowhere = await backup(tmp_path, str(tmp_path / "no" / "a"), passphrase="x")
    assert (nowhere.status, "does not exist [write]" in nowhere.err) == (2, True)
    folder = await backup(tmp_path, str(tmp_path), passphrase="x")
    assert (folder.status, "is no file" in folder.err) == (2, True)
    unasked = await backup(tmp_path, str(tmp_path / "a"))
    assert unasked.status == 2
    assert unasked.err.endswith("nobody can be asked here: set SOTTO_PASSPHRASE [passphrase]\n")
    assert not hub.requests(pb.BackupRequest)


async def test_a_passphrase_is_typed_twice(hub: ScriptedCompanion, tmp_path: Path) -> None:
    at_home(hub, tmp_path)
    done = await backup(tmp_path, str(tmp_path / "a"), typed=b"horse\nhorse\n")
    assert (done.status, done.err) == (0, "")
    assert hub.requests(pb.BackupRequest)[0].passphrase == "horse"
    other = await backup(tmp_path, str(tmp_path / "b"), typed=b"horse\nhouse\n")
    assert (other.status, "not the same" in other.err) == (2, True)
    nothing = await backup(tmp_path, str(tmp_path / "b"), typed=b"\n")
    assert (nothing.status, "nothing was typed" in nothing.err) == (2, True)


# ---- what may not be done


async def test_a_missing_scope_is_named_with_how_to_get_it(hub: ScriptedCompanion, keeper: Sotto) -> None:
    sentence = "this client may not do that: it was paired without the scope 'keep'"
    for call in ("Peers", "Audit", "NewPairingCode", "Revoke"):
        hub.fail[call] = (grpc.StatusCode.PERMISSION_DENIED, sentence, "wrong_scope")
    for command in ("devices list", "audit", "pair --no-wait", "devices revoke x --yes"):
        done = await keeper(*command.split())
        assert done.status == 5
        assert done.err.startswith(f"sotto: {sentence}; to be allowed it, pair again")
        assert done.err.endswith("[wrong_scope]\n")


async def test_a_client_that_may_only_ask_can_ask(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.fail["Status"] = (grpc.StatusCode.PERMISSION_DENIED, "without the scope 'watch'", "wrong_scope")
    assert (await keeper("ask", "when?")).out == "I have nothing on that.\n"
    hub.control = pb.ControlReply(reached=["d1"])
    assert (await keeper("mute")).out.startswith("d1: muted")


async def test_an_older_hub_is_said_to_be_old(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.fail["Audit"] = (grpc.StatusCode.UNIMPLEMENTED, "Method not found!")
    done = await keeper("audit")
    assert (done.status, "is older than this command" in done.err) == (1, True)
