"""The terminal companion itself: wires the tether, the errands and the widgets; the last step of the path.

It knows the hub only through a client of the Companion API (`needs.CompanionClient`). Decisions live in
`screen_state`, `switch` and `asking`; what is here translates keys into errands and state into widgets.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.events import DescendantBlur, DescendantFocus, Resize
from textual.screen import Screen as BaseScreen
from textual.widgets import Input

from sotto_hub.errors import HubError, LinkDown
from sotto_hub.surfaces.refusal import refusal_sentence
from sotto_hub.surfaces.sensors import SENSORS
from sotto_hub.surfaces.tui import asking, requests, screen_state
from sotto_hub.surfaces.tui.asking import Asking
from sotto_hub.surfaces.tui.books import Books, books
from sotto_hub.surfaces.tui.errands import Errand, Errands, Told
from sotto_hub.surfaces.tui.keys import ANSWERS, BINDINGS
from sotto_hub.surfaces.tui.needs import CompanionClient, Connect
from sotto_hub.surfaces.tui.notices import Day, Notice, headline, standing_notice
from sotto_hub.surfaces.tui.plain import plain
from sotto_hub.surfaces.tui.question import Question
from sotto_hub.surfaces.tui.rooms import rooms
from sotto_hub.surfaces.tui.screen_state import Hub, Screen, Snapshot
from sotto_hub.surfaces.tui.switch import Now, Tone, is_closed
from sotto_hub.surfaces.tui.tether import Pace, Tether
from sotto_hub.surfaces.tui.theme import sotto_theme, wants_no_colour
from sotto_hub.surfaces.tui.widgets.answer import AnswerPanel
from sotto_hub.surfaces.tui.widgets.ask_box import AskBox
from sotto_hub.surfaces.tui.widgets.key_line import KeyLine
from sotto_hub.surfaces.tui.widgets.ledger import LedgerView
from sotto_hub.surfaces.tui.widgets.memories import Memories
from sotto_hub.surfaces.tui.widgets.sensors import Sensors
from sotto_hub.surfaces.tui.widgets.status_line import StatusLine
from sotto_hub.surfaces.tui.widgets.suggestions import Suggestions
from sotto_hub.surfaces.tui.widgets.take_back import TakeBack, TakenBack
from sotto_hub.surfaces.tui.widgets.transcript import Transcript
from sotto_proto.v1 import companion_pb2 as pb

Finished = Awaitable[str] | Callable[[], Awaitable[str]]
"""Ends when a replayed day is done, with the summary for the status line. May raise `HubError`."""

FRAME_S: Final = 0.03
"""Events within this time are painted together."""

NOTICE_S: Final = 8.0
BAD_NOTICE_S: Final = 30.0
TIMED_MUTE_NS: Final = 600_000_000_000
BOOKS_S: Final = 3.0
"""How long the ledger may take before it is said that the hub does not answer."""


class SottoApp(App[None]):
    """One calm screen. See `run` for the arguments."""

    CSS_PATH = "layout.tcss"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - declared so by Textual
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by Textual
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(
        self,
        connect: Connect | CompanionClient,
        *,
        title: str = "Sotto",
        finished: Finished | None = None,
        span_ns: tuple[int, int] | None = None,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(ansi_color=True if wants_no_colour() else None)
        self.register_theme(sotto_theme())
        self.theme = "sotto"
        self.title = title
        self.shown = Screen()
        self._pace = pace or Pace()
        self._tether = Tether(connect, self, self._pace)
        self._errands = Errands(self._tether.client, self._told, self._pace.first_retry_s)
        self._finished = finished
        self._day = Day(replaying=finished is not None, span_ns=span_ns)
        self._asking: Asking | None = None
        self._notice: Notice | None = None
        self._away_because = ""
        self._wants_mute: bool | None = None
        self._warned_of_leaving = False
        self.painting = False

    # ---- the screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The screen's own colours, also before its theme is dressed."""
        return sotto_theme().variables

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        yield StatusLine()
        with Container(id="body"):
            yield Transcript(classes="pane")
            with Vertical(id="side"):
                yield Suggestions(classes="pane")
                yield Memories(classes="pane")
        yield AnswerPanel(classes="pane")
        yield AskBox()
        yield KeyLine()

    def on_mount(self) -> None:
        """Dresses the screen and begins to hold on to the hub."""
        titles = {Transcript: "Heard", Suggestions: "Suggestions", Memories: "Memories", AnswerPanel: "Answer"}
        for part, title in titles.items():
            self.query_one(part).border_title = f" {title} "
        self.set_interval(5.0, self.repaint)
        self.run_worker(self._hold(), name="hold")
        self._paint()

    async def _hold(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tether.run())
            tasks.create_task(self._errands.run())
            if self._finished is not None:
                tasks.create_task(self._wait_for_the_day(self._finished))

    async def _wait_for_the_day(self, finished: Finished) -> None:
        """The caller owns what it waits for: leaving the screen early does not cancel it."""
        try:
            summary = await asyncio.shield(asyncio.ensure_future(_future(finished)))
            self._day = Day(replaying=True, span_ns=self._day.span_ns, summary=summary or "The day is done.")
        except HubError as error:
            self._day = Day(replaying=False)
            self._say(error.sentence, Tone.BAD)
        self._tether.look()
        self.repaint()

    def repaint(self) -> None:
        """Paints soon; what happens until then is painted with it."""
        if not self.painting:
            self.painting = True
            self.set_timer(FRAME_S, self._paint)

    def _paint(self) -> None:
        self.painting = False
        if (base := self._base()) is None:
            return
        wide = self.size.width >= 110
        room = rooms(base.query_one("#body").size.height, wide=wide)
        base.query_one(Transcript).show(self.shown)
        base.query_one(Suggestions).show(self.shown, room.suggestions)
        base.query_one(Memories).show(self.shown, room.memories)
        base.query_one(AnswerPanel).show(self._asking, self.shown)
        self._paint_status(base.query_one(StatusLine), wide=wide)
        self._paint_keys(base)

    def _base(self) -> "BaseScreen[object] | None":
        """The screen below all questions; none once the app is leaving and its widgets go."""
        stack = self.screen_stack
        return stack[0] if stack and stack[0].query("#body") and stack[0].query(KeyLine) else None

    def _paint_status(self, line: StatusLine, *, wide: bool) -> None:
        state = self.shown
        honest = headline(state, self._day, time.time_ns(), tried=bool(self._away_because))
        line.show_switch(honest if self.size.width >= 40 else replace(honest, detail=""), self._when(wide=wide))
        notice = self._notice or standing_notice(
            state, self._day, time.time_ns(), self._away_because, self._errands.waiting
        )
        line.show_notice(notice.sentence, notice.tone)

    def _when(self, *, wide: bool) -> str:
        when = screen_state.when(self.shown) if self.size.width >= 56 else ""
        return f"{self.title}   {when}" if wide else when

    def _focus_moved(self) -> None:
        if (base := self._base()) is not None:
            self._paint_keys(base)

    def _paint_keys(self, base: "BaseScreen[object]") -> None:
        base.query_one(KeyLine).show(
            muted=not self.shown.any_unmuted,
            typing=isinstance(self.focused, Input),
            answered=self._asking is not None,
            choice=len(self.shown.open_cards) > 1,
        )

    def on_resize(self, _: Resize) -> None:
        """What fits has changed."""
        self.repaint()

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        """The keys mean something else now."""
        self._focus_moved()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        """The keys mean something else now."""
        self.call_after_refresh(self._focus_moved)

    # ---- what the tether tells

    def hub_arrived(self, snapshot: Snapshot) -> None:
        """The hub is here."""
        self.shown = screen_state.arrived(self.shown, snapshot)
        self._away_because = ""
        self.repaint()

    def hub_event(self, event: pb.Event) -> None:
        """Something happened."""
        self.shown = screen_state.happened(self.shown, event)
        if event.HasField("refused"):
            self._say(plain(refusal_sentence(event.refused)), Tone.BAD)
        gone = frozenset((*event.erased.utterance_ids, *event.erased.memory_ids))
        if self._asking and asking.rests_on(self._asking, gone):
            self.action_close_answer()
        self.repaint()

    def hub_went(self, sentence: str, *, refused: bool) -> None:
        """The hub does not answer, or refuses this client."""
        self.shown = screen_state.hub_left(self.shown, refused=refused)
        self._away_because = sentence
        self.repaint()

    # ---- keys

    def action_answer(self, state: str) -> None:
        """Answers the chosen suggestion."""
        card = self.shown.chosen_card
        if card is None:
            self._say("No suggestion waits for an answer.")
            return
        self._send(requests.answer(card, ANSWERS[state], self.hub_event))

    def action_why(self) -> None:
        """Shows what the chosen suggestion rests on, or hides it again."""
        self.shown = screen_state.folded(self.shown)
        self.repaint()

    def action_choose(self, step: int) -> None:
        """Another suggestion."""
        self.shown = screen_state.chosen_next(self.shown, step)
        self.repaint()

    def action_mute(self) -> None:
        """Mutes what listens; when nothing does, unmutes. While a wish still waits, the key takes it back."""
        wanted = self.shown.any_unmuted if self._wants_mute is None else not self._wants_mute
        self._mute(wanted, 0)

    def action_mute_for_a_while(self) -> None:
        """Mutes for ten minutes."""
        self._mute(True, TIMED_MUTE_NS)

    def _mute(self, wanted: bool, for_ns: int) -> None:
        self._wants_mute = wanted
        self._send(requests.mute(wanted, for_ns, self._names))

    @property
    def _names(self) -> dict[str, str]:
        return {d.id: d.name for d in self.shown.devices}

    def action_sensors(self) -> None:
        """Closes or opens one sensor: the other way round than the devices report it."""
        now = Now(event_ns=self.shown.now_ns, wall_ns=time.time_ns(), where=self.shown.where)
        here = self.shown.hub is Hub.HERE
        closed = {s: is_closed(s, self.shown.devices, now, reachable=here) for s in SENSORS}

        def chosen(sensor: str | None) -> None:
            if sensor:
                self._send(requests.mute(not closed[sensor], 0, self._names, (sensor,)))

        self.push_screen(Sensors(closed), chosen)

    def action_off_the_record(self) -> None:
        """Asks first: what is taken back is gone."""

        def answered(taken: TakenBack | None) -> None:
            if taken is None:
                self._say("Nothing was taken back.")
            else:
                self._send(requests.off_the_record(taken.last_ns, time.monotonic, verify=taken.verify))

        self.push_screen(TakeBack(), answered)

    def action_ledger(self) -> None:
        """Shows what became of every captured millisecond."""
        self.push_screen(LedgerView(self._books, self._pace.ledger_s))

    async def _books(self) -> Books:
        try:
            async with asyncio.timeout(BOOKS_S):
                return books(await (await self._tether.client()).ledger(), self._names)
        except TimeoutError:
            raise LinkDown("hub_away", "the hub does not answer") from None

    def action_ask(self) -> None:
        """Opens the ask box."""
        self.query_one(AskBox).enter()

    def on_ask_box_asked(self, message: AskBox.Asked) -> None:
        """Asks; a newer question takes the place of an older one."""
        question = Question(message.question, self._tether.client, self._show_asking, self._pace.first_retry_s)
        self.run_worker(question.run(here=self.shown.hub is Hub.HERE), group="ask", exclusive=True)

    def action_close_answer(self) -> None:
        """Puts the answer away, and stops one that is still coming."""
        self.workers.cancel_group(self, "ask")
        self._asking = None
        self.repaint()

    def action_scroll(self, how: str) -> None:
        """Scrolls what was heard."""
        transcript = self.query_one(Transcript)
        (transcript.scroll_page_up if how == "page_up" else transcript.scroll_page_down)(animate=False)

    def action_leave(self) -> None:
        """Leaves; where something was not sent yet, says so first."""
        if self._errands.waiting and not self._warned_of_leaving:
            self._warned_of_leaving = True
            self._say("Not everything has reached the hub yet. q again leaves without it.", Tone.BAD)
            return
        self.exit()

    # ---- errands and questions

    def _send(self, errand: Errand) -> None:
        self._warned_of_leaving = False
        if not self._errands.add(errand):
            self._say("Too much waits for the hub already; this was not taken.", Tone.BAD)
        elif self.shown.hub is not Hub.HERE:
            self._say(f"Hub away: {errand.name} waits and is sent when it is back.", Tone.WARN)

    def _told(self, told: Told) -> None:
        if not self._errands.waiting:
            self._wants_mute = None
        self._tether.look()
        self._say(told.sentence, Tone.BAD if told.bad else Tone.CALM)

    def _show_asking(self, now: Asking) -> None:
        self._asking = now
        self.repaint()

    def _say(self, sentence: str, tone: Tone = Tone.CALM) -> None:
        """One sentence in the status line, for a while: longer where something is wrong."""
        notice = self._notice = Notice(sentence=sentence, tone=tone)
        self.set_timer(NOTICE_S if tone is Tone.CALM else BAD_NOTICE_S, lambda: self._unsay(notice))
        self.repaint()

    def _unsay(self, notice: Notice) -> None:
        if self._notice is notice:
            self._notice = None
            self.repaint()


async def _future(finished: Finished) -> str:
    return await (finished() if callable(finished) else finished)


async def run(
    connect: Connect | CompanionClient,
    *,
    title: str = "Sotto",
    finished: Finished | None = None,
    span_ns: tuple[int, int] | None = None,
) -> None:
    """Shows the screen, inside the caller's event loop, until the person quits.

    `connect`: makes a client (called again after each one that broke, which is then closed), or one lasting client,
    which stays the caller's. `finished`: for a replayed day: a task, a future, or a function that makes an awaitable;
    it ends with the summary line when the day is done. Until then the status shows progress; afterwards the summary,
    until `q`. `span_ns`: event time of the replayed day's start and end, for a progress bar.
    """
    await SottoApp(connect, title=title, finished=finished, span_ns=span_ns).run_async()
