"""The screen itself, through Pilot: words, suggestions, mute, the hub that goes and comes, questions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from sotto_hub.errors import HubError, NotPaired, UsageError
from sotto_hub.surfaces.tui.app import Finished, SottoApp
from sotto_hub.surfaces.tui.screen_state import MAX_HEARD, Hub
from sotto_hub.surfaces.tui.tether import Pace
from sotto_hub.surfaces.tui.widgets.ledger import LedgerView
from sotto_hub.surfaces.tui.widgets.transcript import Transcript
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui import demo_words as demo
from tests.surfaces.tui.demo_screen import demo_client
from tests.surfaces.tui.scripted_client import ScriptedClient
from tests.surfaces.tui.waiting import sheet_text, top_sheet, until

QUICK = Pace(first_retry_s=0.01, most_retry_s=0.02, poll_s=60.0, ledger_s=0.02)


class Shown:
    """The running app and what a person sees of it."""

    def __init__(self, app: SottoApp, pilot: Pilot[None], client: ScriptedClient) -> None:
        self.app, self.pilot, self.client = app, pilot, client

    def static(self, selector: str) -> str:
        return str(self.app.screen_stack[0].query_one(selector, Static).content)

    @property
    def switch(self) -> str:
        return self.static("#switch")

    @property
    def notice(self) -> str:
        return self.static("#notice")

    def sheet(self, selector: str) -> str:
        return sheet_text(self.app, selector)

    async def ask(self, question: str) -> None:
        await self.pilot.press("slash")
        self.app.query_one(Input).value = question
        await self.pilot.press("enter")

    async def until_notice(self, words: str) -> None:
        await until(self.pilot, lambda: words in self.notice)

    async def until_sheet(self, selector: str, words: str) -> None:
        await until(self.pilot, lambda: words in self.sheet(selector))

    async def until_switch(self, words: str) -> None:
        await until(self.pilot, lambda: words in self.switch)


@asynccontextmanager
async def showing(
    client: ScriptedClient | None = None,
    size: tuple[int, int] = (120, 34),
    finished: Finished | None = None,
    span_ns: tuple[int, int] | None = None,
) -> AsyncIterator[Shown]:
    client = client or demo_client()
    app = SottoApp(client.connect, pace=QUICK, finished=finished, span_ns=span_ns)
    async with app.run_test(size=size) as pilot:
        shown = Shown(app, pilot, client)
        if not client.away and not client.fail:
            await until(pilot, lambda: app.shown.hub is Hub.HERE and "connecting" not in shown.switch)
        yield shown


def utterance(number: int, text: str, at: str = "09:00:00") -> pb.Event:
    start = demo.ns(at) + number * 10**9
    return pb.Event(
        utterance=pb.Utterance(id=f"u{number}", device_id="pendant", start_ns=start, end_ns=start + 10**9, text=text)
    )


def partial(text: str) -> pb.Event:
    return pb.Event(partial=pb.Partial(device_id="pendant", start_ns=demo.ns("09:00:00"), text=text))


# ---- the transcript


async def test_it_shows_how_things_stand() -> None:
    async with showing() as s:
        assert s.switch == "● listening"
        assert s.static("#devices") == "pendant"
        assert s.static("#clock") == "Sotto   Mon 9 Mar  08:30"
        assert "08:00  good morning the coffee is ready" in s.sheet("#heard")
        assert "□ tomorrow 19:00  my sister is coming for dinner" in s.sheet("#kept")
        assert s.notice == "16 heard · 5 kept · 2 suggested"


async def test_the_transcript_grows_and_a_partial_is_replaced_by_its_final() -> None:
    async with showing() as s:
        s.client.send(partial("you are"))
        await s.until_sheet("#heard", "you are …")
        s.client.send(partial("you are back"))
        await s.until_sheet("#heard", "you are back …")
        s.client.send(utterance(0, "you are back early"))
        await s.until_sheet("#heard", "09:00  you are back early")
        assert "…" not in s.sheet("#heard")


async def test_speakers_have_a_column_only_when_somebody_is_known() -> None:
    async with showing() as s:
        event = utterance(0, "you are back early")
        event.utterance.speaker = "Tom"
        s.client.send(event)
        await s.until_sheet("#heard", "09:00  Tom  you are back early")
        assert "08:00       good morning" in s.sheet("#heard")


async def test_off_the_record_shows_in_the_transcript() -> None:
    async with showing() as s:
        s.client.utterances = [u for u in s.client.utterances if u.id != "demo18"]
        erased = pb.Erased(utterance_ids=["demo18"], from_ns=demo.ns("08:30:30"), to_ns=demo.ns("08:31:00"))
        s.client.send(pb.Event(erased=erased))
        await s.until_sheet("#heard", "08:31  ◌ off the record: 30 seconds")
        assert "remind me to buy" not in s.sheet("#heard")


async def test_who_scrolls_up_to_read_is_left_in_peace() -> None:
    async with showing(size=(80, 24)) as s:
        transcript = s.app.query_one(Transcript)
        await until(s.pilot, lambda: transcript.scroll_y == transcript.max_scroll_y > 0)
        await s.pilot.press("pageup")
        await until(s.pilot, lambda: not transcript.following)
        there = transcript.scroll_y
        s.client.send(utterance(0, "new words"))
        await s.until_sheet("#heard", "new words")
        assert transcript.scroll_y == there
        await s.pilot.press("pagedown", "pagedown", "pagedown")
        await until(s.pilot, lambda: transcript.following)
        s.client.send(utterance(1, "newer words"))
        await until(s.pilot, lambda: transcript.scroll_y == transcript.max_scroll_y > there)


# ---- suggestions


ANSWERS = (
    ("a", pb.SUGGESTION_STATE_ACCEPTED, "✓ accepted: Offer 0"),
    ("d", pb.SUGGESTION_STATE_DISMISSED, "– dismissed: Offer 1"),
    ("l", pb.SUGGESTION_STATE_LATER, "↻ later: Offer 2"),
    ("n", pb.SUGGESTION_STATE_NEVER, "⊘ never again: Offer 3"),
)


async def test_suggestions_are_answered_by_keys() -> None:
    client = demo_client()
    client.offered = [pb.Suggestion(id=f"o{n}", at_ns=10 - n, text=f"Offer {n}", reason="So.") for n in range(4)]
    async with showing(client) as s:
        assert "So." in s.sheet("#card")
        assert "a accept" in s.sheet("#card")
        for number, (key, state, says) in enumerate(ANSWERS):
            assert f"Offer {number}" in s.sheet("#card")
            await s.pilot.press(key)
            await s.until_sheet("#others", says)
            assert s.client.calls("answer")[-1] == ("answer", f"o{number}", state)
        await s.pilot.press("a")
        await s.until_notice("No suggestion waits")
        assert len(s.client.calls("answer")) == len(ANSWERS)


async def test_why_shows_what_it_rests_on() -> None:
    async with showing() as s:
        await s.pilot.press("w")
        await s.until_sheet("#card", "08:30  “remind me to buy this one tomorrow morning”")
        await s.pilot.press("w")
        await until(s.pilot, lambda: "08:30  “remind" not in s.sheet("#card"))


async def test_arrows_choose_another() -> None:
    async with showing() as s:
        s.client.send(pb.Event(suggestion=pb.Suggestion(id="s3", at_ns=demo.ns("08:40"), text="Call the bank?")))
        await s.until_sheet("#others", "08:40  Call the bank?")
        assert "Remind you of" in s.sheet("#card"), "a key must not meet what has just come"
        await s.pilot.press("down")
        await s.until_sheet("#card", "Call the bank?")


async def test_a_refusal_is_one_sentence() -> None:
    async with showing() as s:
        s.client.fail["answer"] = UsageError("not_found", "there is no such suggestion")
        await s.pilot.press("a")
        await s.until_notice("there is no such suggestion")


# ---- mute and off the record


async def test_mute_shows_what_the_device_reports_not_what_was_pressed() -> None:
    async with showing() as s:
        s.client.control = pb.ControlReply(reached=["pendant"])
        await s.pilot.press("m")
        await s.until_notice("Mute reached pendant.")
        assert s.switch == "● listening", "the device has not reported it yet"
        s.client.device("pendant", name="pendant", connected=True, muted=True)
        s.client.send(pb.Event(status=s.client.status_reply))
        await s.until_switch("○ muted")
        assert "○ muted" in s.sheet("#heard")
        await s.pilot.press("m")
        await s.until_notice("Unmute reached pendant.")
        assert s.client.calls("mute") == [("mute", True, 0), ("mute", False, 0)]


async def test_timed_mute() -> None:
    async with showing() as s:
        s.client.device("pendant", name="pendant", connected=True, muted=True, muted_until_ns=demo.ns("08:40"))
        await s.pilot.press("M")
        await s.until_switch("○ muted until 08:40")
        assert s.client.calls("mute") == [("mute", True, 600 * 10**9)]


async def test_off_the_record_asks_first() -> None:
    async with showing() as s:
        await s.pilot.press("o", "n")
        await s.until_notice("Nothing was taken back.")
        await s.pilot.press("o", "a", "enter", "escape")
        assert not s.client.calls("off_the_record")
        assert not s.client.calls("answer"), "keys go to the question, not through it"
        await s.pilot.press("o", "y")
        await s.until_notice("Gone, of the last 10 minutes: 2 utterances")
        assert s.client.calls("off_the_record") == [("off_the_record", 600 * 10**9)]


async def test_off_the_record_asks_how_much_and_whether_to_prove_it() -> None:
    async with showing() as s:
        await s.pilot.press("o", "right", "right", "right", "y")
        await s.until_notice("Gone, of the last 1 hour")
        await s.pilot.press("o", "1", "left", "v", "y")
        await s.until_notice("none left")
        await s.pilot.press("o", "2", "v", "v", "y")
        await s.until_notice("Gone, of the last 5 minutes")
        asked = [(call[1] // (60 * 10**9), "verify" in call) for call in s.client.calls("off_the_record")]
        assert asked == [(60, False), (1, True), (5, False)]


async def test_one_sensor_is_closed_and_opened_again() -> None:
    async with showing() as s:
        s.client.control = pb.ControlReply(reached=["pendant"])
        await s.pilot.press("s", "escape", "s", "2")
        await s.until_notice("Closing the camera reached pendant.")
        assert s.switch == "● listening", "the device has not reported it yet"
        s.client.device("pendant", name="pendant", connected=True, closed=["camera"])
        s.client.send(pb.Event(status=s.client.status_reply))
        await s.until_switch("◑ listening, camera closed")
        assert "◑ camera closed" in s.sheet("#heard")
        await s.pilot.press("s", "2")
        await s.until_notice("Opening the camera reached pendant.")
        assert s.client.calls("mute") == [("mute", True, 0, "camera"), ("mute", False, 0, "camera")]


# ---- the ledger, and what the keeper should know


async def test_the_ledger_is_live_while_it_is_open() -> None:
    client = demo_client()
    client.rows = [pb.LedgerRow(device_id="pendant", boot_id="b1", stream="mic", captured_ns=10**10)]
    client.rows[0].committed_ns = 10**10
    async with showing(client) as s:
        await s.pilot.press("L")
        view = s.app.screen
        assert isinstance(view, LedgerView)
        await until(s.pilot, lambda: "✓ microphone" in top_sheet(s.app, "#books"))
        assert "✓ The ledger balances" in top_sheet(s.app, "#verdict")
        s.client.rows[0].captured_ns += 2_000_000
        await until(s.pilot, lambda: "NOT BALANCED, 0.002 s missing" in top_sheet(s.app, "#books"))
        assert "does NOT balance" in top_sheet(s.app, "#verdict")
        s.client.fail["ledger"] = HubError("wrong_scope", "this client may not do that")
        await until(s.pilot, lambda: "This client may not do that; this is" in top_sheet(s.app, "#verdict"))
        assert "microphone" in top_sheet(s.app, "#books"), "what was known stays"
        await s.pilot.press("down", "up", "pagedown", "pageup", "L")
        assert not isinstance(s.app.screen, LedgerView)


async def test_a_refused_connection_is_a_notice() -> None:
    async with showing() as s:
        refused = pb.Contact(who="models.example:443", purpose="a library", outgoing=True, refused=1)
        s.client.send(pb.Event(refused=refused))
        await s.until_notice("Refused: a library wanted to reach models.example:443. Nothing was sent.")


async def test_a_device_that_owes_is_catching_up() -> None:
    client = demo_client()
    client.device("pendant", name="pendant", connected=True, owed_ns=4_800 * 10**9)
    async with showing(client) as s:
        assert s.notice.endswith("2 suggested · catching up, 1 h 20 min to come")


# ---- the hub that goes and comes


async def test_the_hub_goes_and_comes_and_no_key_is_lost() -> None:
    async with showing() as s:
        s.client.drop()
        await s.until_switch("✕ hub away")
        assert s.static("#devices") == "pendant may be listening"
        assert "good morning" in s.sheet("#heard"), "what was known stays"
        await s.pilot.press("m")
        await s.until_notice("Hub away: mute waits and is sent when it is back.")
        await s.pilot.press("q")
        await s.until_notice("Not everything has reached the hub yet.")
        s.client.control = pb.ControlReply(reached=["pendant"])
        s.client.away = False
        await s.until_notice("Mute reached pendant.")
        assert s.switch == "● listening"
        assert s.client.connects >= 2


async def test_pressing_mute_again_takes_the_waiting_wish_back() -> None:
    async with showing() as s:
        s.client.drop()
        await s.until_switch("✕ hub away")
        await s.pilot.press("m", "m")
        s.client.away = False
        await s.until_notice("Unmute")
        assert s.client.calls("mute") == [("mute", False, 0)]


async def test_no_hub_from_the_start_is_a_sentence() -> None:
    client = demo_client()
    client.away = True
    async with showing(client) as s:
        await s.until_notice("The hub at 127.0.0.1:7443 cannot be reached")
        assert s.switch == "✕ hub away"
        client.away = False
        await s.until_switch("● listening")


async def test_a_hub_that_refuses_is_not_away() -> None:
    async with showing() as s:
        s.client.fail["connect"] = NotPaired("unpaired", "this peer is not paired with this hub")
        s.client.drop()
        s.client.away = False
        await s.until_switch("✕ no access")
        await s.until_notice("This peer is not paired with this hub. Last heard 08:30. Trying again.")
        assert s.static("#devices") == "pendant: not known"


async def test_a_client_that_may_only_watch_sees_what_it_may() -> None:
    client = demo_client()
    client.fail["memories"] = NotPaired("wrong_scope", "without the scope 'memory'")
    async with showing(client) as s:
        await s.until_sheet("#heard", "good morning")
        assert "Nothing kept yet." in s.sheet("#kept")


async def test_q_leaves() -> None:
    async with showing() as s:
        await s.pilot.press("q")
        await until(s.pilot, lambda: not s.app.is_running)


# ---- asking


async def test_an_answer_streams_and_names_what_it_rests_on() -> None:
    async with showing() as s:
        s.client.hold_ask = asyncio.Event()
        await s.ask("when?")
        await s.until_sheet("#answer", "Tuesday 10 March (tomorrow) at 19:00. …")
        s.client.hold_ask.set()
        await s.until_sheet("#answer", "Mon 9 Mar  08:00    “my sister is coming for dinner tomorrow at seven”")
        assert "It was said" in s.sheet("#answer")
        await s.pilot.press("escape")
        await until(s.pilot, lambda: s.sheet("#answer") == "")


async def test_keys_that_are_typed_into_a_question_do_nothing_else() -> None:
    async with showing() as s:
        await s.pilot.press("slash", *"adlnwmoq")
        assert s.app.query_one(Input).value == "adlnwmoq"
        await s.pilot.press("escape")
        assert s.app.focused is None
        assert not s.client.calls("answer")
        assert not s.client.calls("mute")
        await s.pilot.press("slash", "enter")
        await until(s.pilot, lambda: bool(s.client.calls("ask")))
        assert s.client.calls("ask") == [("ask", "adlnwmoq")], "what was typed before escape is still there"


async def test_a_question_survives_a_hub_that_goes() -> None:
    async with showing() as s:
        s.client.hold_ask = asyncio.Event()
        await s.ask("when?")
        await s.until_sheet("#answer", "Tuesday 10")
        s.client.drop()
        s.client.hold_ask.set()
        await s.until_sheet("#answer", "The hub is away; this is asked when it is back.")
        s.client.away = False
        await s.until_sheet("#answer", "It was said")


async def test_an_answer_that_fails_says_why() -> None:
    async with showing() as s:
        s.client.fail["ask"] = HubError("model", "the model on this machine does not answer")
        await s.ask("when?")
        await s.until_sheet("#answer", "the model on this machine does not answer")


async def test_an_answer_goes_when_its_words_are_taken_back() -> None:
    async with showing() as s:
        await s.ask("when?")
        await s.until_sheet("#answer", "“my sister is coming")
        s.client.send(pb.Event(erased=pb.Erased(utterance_ids=["demo3"])))
        await until(s.pilot, lambda: s.sheet("#answer") == "")


# ---- a replayed day


async def test_a_replayed_day_shows_progress_then_its_summary_and_stays() -> None:
    done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    day = (demo.ns("08:00"), demo.ns("09:01"))
    async with showing(finished=done, span_ns=day) as s:
        await s.until_notice("━━━━━━━━━━──────────  heard until 08:30")
        s.client.device("pendant", name="pendant", connected=False)
        done.set_result("20 heard, 5 kept, 2 suggested; the ledger balances.")
        await s.until_notice("the ledger balances. Press q to leave.")
        await s.until_switch("✓ day done")
        assert s.app.is_running


async def test_a_day_that_fails_says_why() -> None:
    async def breaks() -> str:
        raise HubError("device", "the device ended with status 1")

    async with showing(finished=breaks) as s:
        await s.until_notice("the device ended with status 1")


async def test_leaving_early_does_not_end_the_day() -> None:
    done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with showing(finished=done) as s:
        await s.pilot.press("q")
        await until(s.pilot, lambda: not s.app.is_running)
    assert not done.cancelled()


# ---- what must not break it

HARD = (
    "👩‍👩‍👧‍👦 🏳️‍🌈 family",
    "שלום עולם، مرحبا بالعالم",
    "日本語" * 200,
    "a" * 5_000,
    "[bold red]markup[/] [/nothing] \x1b[2J\x1b]0;title\x07",
    "",
    "e\u0301" * 300,
)


@pytest.mark.parametrize("size", [(120, 34), (20, 5), (1, 1)])
async def test_hard_words_and_small_terminals(size: tuple[int, int]) -> None:
    async with showing(size=size) as s:
        for number, text in enumerate(HARD):
            s.client.send(utterance(number, text), partial(text))
            s.client.send(pb.Event(suggestion=pb.Suggestion(id=f"h{number}", text=text, reason=text, at_ns=number)))
            s.client.send(pb.Event(memory=demo.commitment(100 + number, text, text)))
        s.client.pieces = [pb.AskReply(text=text) for text in HARD]
        await until(s.pilot, lambda: len(s.app.shown.kept) == 5 + len(HARD))
        await s.pilot.press("w", "down", "up", "slash", "x", "enter", "pageup", "o")
        await s.pilot.resize_terminal(60, 10)
        await s.pilot.press("y", "escape")
        assert s.app.export_screenshot()
        assert "\x1b" not in s.sheet("#heard")


async def test_thousands_of_events_stay_bounded() -> None:
    async with showing() as s:
        for number in range(5_000):
            s.client.send(utterance(number, f"words {number}"))
        await until(s.pilot, lambda: "words 4999" in s.sheet("#heard"))
        assert len(s.app.shown.heard) == MAX_HEARD
        assert "words 4999" in s.app.export_screenshot().replace("&#160;", " ")
