"""`sotto ask`: an answer from memory, and what it rests on."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json, say_piece

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    parser = add_command(commands, "ask", run, "Answers a question from memory and says what the answer rests on.")
    parser.add_argument("question", nargs="+", help="the question, with or without quotes")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Asks."""
    question = " ".join(args.question)
    return with_hub(args.home, lambda hub: _ask_json(hub, question) if args.json else _ask(hub, question))


async def _ask(hub: "Companion", question: str) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.localtime import day_clock

    zone = await zone_at(hub)
    citations: list[str] = []
    async for reply in hub.ask(question):
        say_piece(reply.text)
        citations += [f"  {day_clock(c.at_ns, zone)}  {c.text}" for c in reply.citations]
    say("", *dict.fromkeys(citations))  # the same words may be cited as utterance and as memory
    return 0


async def _ask_json(hub: "Companion", question: str) -> int:
    from sotto_hub.surfaces.jsonform import as_json

    replies = [reply async for reply in hub.ask(question)]
    citations = [as_json(c) for reply in replies for c in reply.citations]
    text = "".join(reply.text for reply in replies)
    say_json({"text": text, "abstained": any(r.abstained for r in replies), "citations": [*citations]})
    return 0
