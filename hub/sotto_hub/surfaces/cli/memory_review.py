"""`sotto memory inbox` and `prune`: what the wearer decides about what is in doubt, and what has all but faded."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.forget import VERIFY, show_erased
from sotto_hub.surfaces.cli.memory_erase import erase_selected
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, how_many, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.cli.prompt import agreed

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

Parser = argparse.ArgumentParser


def add(actions: "Subparsers[Parser]") -> None:
    """Adds both."""
    inbox = add_command(actions, "inbox", run_inbox, "Lists memories in doubt, and keeps one or erases it for good.")
    inbox.add_argument("answer", nargs="?", choices=("accept", "reject"), help="what becomes of it")
    inbox.add_argument("id", nargs="?", help="which one")
    prune = add_command(actions, "prune", run_prune, "Moves to the bin what has all but faded; nothing is erased.")
    how = prune.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only show what would go")
    how.add_argument("--undo", action="store_true", help="bring back what the newest run took")
    how.add_argument("--empty", action="store_true", help="erase what is in the bin, for good")
    prune.add_argument("--cap", type=how_many, default=0, metavar="N", help="at most so many (default 100)")
    prune.add_argument("--verify", action="store_true", help=f"with --empty: {VERIFY}")
    for parser in (inbox, prune):
        parser.add_argument("--yes", action="store_true", help="do not ask before something goes for good")
        add_json(parser)
        add_home(parser)


def run_inbox(args: argparse.Namespace) -> int:
    """Lists what waits, or answers one of them; what is rejected is gone for good, so that is asked once."""
    if args.answer is None:
        return with_hub(args.home, lambda hub: _list(hub, args.json))
    if args.id is None:
        raise UsageError("inbox", f"say which one: sotto memory inbox {args.answer} ID")
    if args.answer == "reject" and not args.yes and not agreed(f"Erase the memory {args.id}, for good?"):
        say("nothing was erased")
        return 1

    async def answer(hub: "Companion") -> int:
        reply = await hub.answer_inbox(args.id, keep=args.answer == "accept")
        return await _kept(hub, reply.kept, args.json) if args.answer == "accept" else _gone(reply.erased, args)

    return with_hub(args.home, answer)


def _gone(erased: "pb.EraseReply", args: argparse.Namespace) -> int:
    return show_erased(erased, "erased", argparse.Namespace(json=args.json, verify=False))


async def _kept(hub: "Companion", memory: "pb.Memory", as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.lines import memory_text

    if as_data:
        say_json(as_json(memory))
    else:
        say(f"kept: {memory_text(memory, await zone_at(hub))}")
    return 0


async def _list(hub: "Companion", as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.lines import memory_text

    waiting = await hub.inbox()
    if as_data:
        say_json(as_json(memory) for memory in waiting)
        return 0
    zone = await zone_at(hub)
    say(*([f"{memory.id}  {memory_text(memory, zone)}" for memory in waiting] or ["nothing waits for review"]))
    return 0


def run_prune(args: argparse.Namespace) -> int:
    """One run, a dry run, its undoing, or the emptying of the bin."""
    if args.verify and not args.empty:
        raise UsageError("verify", "only --empty erases something that could be verified")
    if args.empty:
        return _empty(args)

    async def prune(hub: "Companion") -> int:
        reply = await hub.prune(cap=args.cap, dry_run=args.dry_run, undo=args.undo)
        return await _pruned(hub, reply, args)

    return with_hub(args.home, prune)


def _empty(args: argparse.Namespace) -> int:
    from sotto_proto.v1 import companion_pb2 as pb

    return erase_selected(pb.MemorySelection(bin=True), args)


async def _pruned(hub: "Companion", reply: "pb.PruneMemoriesReply", args: argparse.Namespace) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.laid_open import pruned_lines

    if args.json:
        say_json(as_json(reply))
        return 0
    did = "would go to the bin" if args.dry_run else "came back from the bin" if args.undo else "went to the bin"
    say(*pruned_lines(reply, did, await zone_at(hub)))
    return 0
