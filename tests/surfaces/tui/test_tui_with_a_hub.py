"""The screen over the real client and real gRPC: what the protocol of this room promises is what the client does."""

from sotto_hub.client import Companion
from sotto_hub.surfaces.tui.app import SottoApp
from sotto_hub.surfaces.tui.needs import CompanionClient, Connect
from sotto_hub.surfaces.tui.screen_state import Hub
from sotto_hub.surfaces.tui.tether import Pace
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.scripted_companion import ScriptedCompanion
from tests.surfaces.tui import demo_words as demo
from tests.surfaces.tui.waiting import sheet_text, until

QUICK = Pace(first_retry_s=0.05, most_retry_s=0.1, poll_s=60.0)


def filled(hub: ScriptedCompanion) -> ScriptedCompanion:
    hub.utterances = demo.demo_utterances("08:30:50")
    hub.offered = demo.demo_suggestions()
    hub.memories = demo.demo_memories()
    hub.answers = {"when?": demo.demo_answer()}
    hub.control = pb.ControlReply(reached=["pendant"])
    hub.status.devices.append(pb.DeviceStatus(device_id="pendant", name="pendant", connected=True))
    return hub


async def test_everything_over_real_grpc(hub: ScriptedCompanion) -> None:
    filled(hub)

    async def connect() -> Companion:
        return hub.client()

    maker: Connect = connect
    app = SottoApp(maker, pace=QUICK)
    async with app.run_test(size=(120, 34)) as pilot:
        await until(pilot, lambda: "good morning" in sheet_text(app, "#heard"))
        await hub.emit(pb.Event(partial=pb.Partial(device_id="pendant", start_ns=demo.ns("09:00"), text="you are")))
        await until(pilot, lambda: "you are …" in sheet_text(app, "#heard"))
        await pilot.press("a", "m")
        await until(pilot, lambda: bool(hub.requests(pb.MuteRequest)))
        assert hub.requests(pb.AnswerSuggestionRequest)[0].answer == pb.SUGGESTION_STATE_ACCEPTED
        await pilot.press("slash", *"when?", "enter")
        await until(pilot, lambda: "It was said" in sheet_text(app, "#answer"))
        await hub.hang_up()
        await until(pilot, lambda: app.shown.hub is Hub.AWAY or len(hub.requests(pb.WatchRequest)) > 1)
        await until(pilot, lambda: app.shown.hub is Hub.HERE and len(hub.requests(pb.WatchRequest)) > 1)


async def test_one_lasting_client_is_enough(hub: ScriptedCompanion) -> None:
    filled(hub)
    async with hub.client() as client:
        assert isinstance(client, CompanionClient)
        app = SottoApp(client, pace=QUICK)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shown.hub is Hub.HERE)
            await hub.hang_up()
            await until(pilot, lambda: app.shown.hub is Hub.HERE and len(hub.requests(pb.WatchRequest)) > 1)
        assert (await client.status()).hub_id == "hub-1", "the caller's client is still open"
