"""The real app over a scripted hub that tells the demo day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from sotto_hub.surfaces.tui.app import SottoApp
from tests.surfaces.tui import demo_words as demo
from tests.surfaces.tui.scripted_client import ScriptedClient
from tests.surfaces.tui.waiting import until


def demo_client(at: str = "08:30:52") -> ScriptedClient:
    """A hub that has heard the demo day until then."""
    client = ScriptedClient()
    client.device("pendant", name="pendant", connected=True)
    client.utterances = demo.demo_utterances(at)
    client.offered = demo.demo_suggestions()
    client.kept = demo.demo_memories()
    client.pieces = demo.demo_answer()
    client.status_reply.watermark_ns = demo.ns(at)
    client.status_reply.utterances = len(client.utterances)
    client.status_reply.memories = len(client.kept)
    client.status_reply.suggestions = len(client.offered)
    return client


@asynccontextmanager
async def screen(client: ScriptedClient, size: tuple[int, int]) -> AsyncIterator[tuple[SottoApp, Pilot[None]]]:
    """The real app at this size, connected and painted."""
    app = SottoApp(client.connect)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.shown.devices))
        yield app, pilot
