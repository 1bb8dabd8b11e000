"""When suggestions may go out: breakpoints, quiet hours, budget, cool-down; and how long before their time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.bridge.days import nanoseconds
from sotto_hub.proactive.leads import remind_at
from sotto_hub.proactive.look_ahead import EVENING, next_time, tomorrows
from sotto_hub.proactive.timing import MINUTE_NS, Breakpoint, Candidate, Choice, Manners, choose, quiet_until
from sotto_hub.proactive.wording import keep_text, look_ahead_text, reason, reminder_text
from sotto_memory import Kind, MemoryRecord, new_memory

ZONE = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 3, 9, 12, 0, tzinfo=ZONE)
NOON_NS = nanoseconds(NOON)
MANNERS = Manners()
OVER, PAUSE, NONE = Breakpoint.OVER, Breakpoint.PAUSE, Breakpoint.NONE


def candidate(
    about: str = "m", ready_min: int = 0, for_min: int = 600, needs: Breakpoint = OVER, weight: float = 0.5
) -> Candidate:
    ready_ns = NOON_NS + ready_min * MINUTE_NS
    until_ns = NOON_NS + for_min * MINUTE_NS
    return Candidate(kind="keep", about=about, ready_ns=ready_ns, until_ns=until_ns, needs=needs, weight=weight)


def pick(
    *waiting: Candidate, at: datetime = NOON, point: Breakpoint = OVER, offered_min: tuple[int, ...] = ()
) -> Choice:
    offered = [NOON_NS + m * MINUTE_NS for m in offered_min]
    return choose(waiting, now=at, point=point, offered_ns=offered, manners=MANNERS)


def test_an_offer_waits_for_the_end_of_the_conversation() -> None:
    assert pick(candidate(), point=PAUSE).offer == ()
    assert pick(candidate(), point=OVER).offer == (candidate(),)


def test_a_reminder_waits_only_for_a_pause() -> None:
    reminder = candidate(needs=PAUSE)
    assert pick(reminder, point=NONE).offer == ()
    assert pick(reminder, point=PAUSE).offer == (reminder,)


def test_nothing_goes_out_in_quiet_hours_and_it_is_looked_at_again_when_they_end() -> None:
    late = NOON.replace(hour=23)
    waiting = candidate(for_min=24 * 60)
    chosen = pick(waiting, at=late)
    assert chosen.offer == ()
    assert chosen.waiting == (waiting,)
    assert chosen.again_ns == nanoseconds(datetime(2026, 3, 10, 7, 0, tzinfo=ZONE))


@pytest.mark.parametrize(("hour", "minute", "quiet"), [(22, 29, False), (22, 30, True), (6, 59, True), (7, 0, False)])
def test_quiet_hours_begin_and_end_to_the_minute(hour: int, minute: int, quiet: bool) -> None:
    assert (quiet_until(NOON.replace(hour=hour, minute=minute), MANNERS) is not None) is quiet


def test_what_can_no_longer_help_is_dropped() -> None:
    chosen = pick(candidate(for_min=-1))
    assert chosen == Choice()


def test_three_go_out_together_and_the_rest_waits_for_the_cool_down() -> None:
    many = [candidate(about=str(n), weight=n / 10) for n in range(5)]
    chosen = pick(*many)
    assert [c.about for c in chosen.offer] == ["4", "3", "2"]
    assert [c.about for c in chosen.waiting] == ["1", "0"]
    assert chosen.again_ns == NOON_NS + MANNERS.cooldown_ns


def test_the_cool_down_holds_the_next_offer() -> None:
    chosen = pick(candidate(), offered_min=(-3,))
    assert chosen.offer == ()
    assert chosen.again_ns == NOON_NS + 2 * MINUTE_NS
    assert pick(candidate(), offered_min=(-5,)).offer


def test_the_budget_of_a_day_is_kept_and_begins_anew() -> None:
    used = tuple(-10 * n for n in range(1, 13))
    chosen = pick(candidate(), offered_min=used)
    assert chosen.offer == ()
    assert chosen.again_ns == nanoseconds(datetime(2026, 3, 10, 7, 0, tzinfo=ZONE))
    assert pick(candidate(for_min=2000), at=NOON + timedelta(days=1), offered_min=used).offer


def test_what_is_not_ready_sets_the_time_to_look_again() -> None:
    assert pick(candidate(ready_min=30)).again_ns == NOON_NS + 30 * MINUTE_NS
    assert pick().again_ns is None


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-60, 60), st.integers(-30, 120), st.sampled_from(Breakpoint)), max_size=8),
    st.integers(0, 24 * 60),
    st.sampled_from(Breakpoint),
    st.lists(st.integers(-300, 0), max_size=14),
)
def test_whatever_waits_manners_are_kept(
    given_rows: list[tuple[int, int, Breakpoint]], later_min: int, point: Breakpoint, offered: list[int]
) -> None:
    at = NOON + timedelta(minutes=later_min)
    waiting = [candidate(str(n), ready, until, needs) for n, (ready, until, needs) in enumerate(given_rows)]
    chosen = pick(*waiting, at=at, point=point, offered_min=tuple(offered))
    assert len(chosen.offer) <= MANNERS.together
    assert not (chosen.offer and quiet_until(at, MANNERS))
    assert all(c.ready_ns <= nanoseconds(at) <= c.until_ns and c.needs.value <= point.value for c in chosen.offer)
    assert not set(chosen.offer) & set(chosen.waiting)
    assert chosen.again_ns is None or chosen.again_ns > nanoseconds(at)


def record(what: str = "see the doctor", **details: str) -> MemoryRecord:
    given_details = {"status": "open", "what": what} | details
    return new_memory(kind=Kind.COMMITMENT, text=what, now_ns=NOON_NS, details=given_details, evidence=("u1",))


DUE = "2026-03-09T15:00:00+01:00"


@pytest.mark.parametrize(
    ("details", "clock"),
    [
        ({"due": DUE}, "14:40"),
        ({"due": DUE, "deadline": "yes"}, "14:15"),
        ({"due": DUE, "confirmed": "yes"}, "14:00"),
        ({"due": DUE, "form": "reminder"}, "15:00"),
        ({"due": DUE, "form": "reminder", "confirmed": "yes"}, "15:00"),
        ({"due": "2026-03-09", "part": "after lunch"}, "13:00"),
        ({"due": "2026-03-09T12:50:00+01:00", "confirmed": "yes"}, "12:30"),
    ],
)
def test_how_long_before_its_time(details: dict[str, str], clock: str) -> None:
    at = remind_at(record(**details), NOON)
    assert at
    assert f"{at:%H:%M}" == clock


@pytest.mark.parametrize(
    "details",
    [{}, {"due": "2026-03-09"}, {"due": "2026-03-09T11:00:00+01:00"}, {"due": "2026-03-09", "part": "morning"}],
)
def test_no_reminder_without_a_time_to_come(details: dict[str, str]) -> None:
    assert remind_at(record(**details), NOON) is None


def test_the_words_of_suggestions() -> None:
    sister = record("my sister comes for dinner tomorrow at seven", due="2026-03-10T19:00:00+01:00", when="at seven")
    expected = "Keep “my sister comes for dinner tomorrow at seven” for Tuesday 10 March at 19:00 (tomorrow)?"
    assert keep_text(sister, NOON) == expected
    call = record("call the dentist", form="reminder", due=DUE, when="at three")
    assert keep_text(call, NOON) == "Remind you of “call the dentist” on Monday 9 March at 15:00 (today, at three)?"
    assert reminder_text(call, NOON.replace(hour=14, minute=40)) == "15:00, in 20 minutes: “call the dentist”"
    assert reminder_text(record(due="2026-03-09", part="after lunch"), NOON) == "Today, after lunch: “see the doctor”"
    assert reason(call, ZONE) == "Heard on Monday 9 March at 12:00: “call the dentist”"


def test_the_look_ahead_names_what_is_open_tomorrow_early_first() -> None:
    late = record("choir", due="2026-03-10T19:00:00+01:00")
    early = record("dentist", due="2026-03-10T08:00:00+01:00")
    untimed = record("buy milk", due="2026-03-10")
    other = record("plumber", due="2026-03-11T08:00:00+01:00")
    found = tomorrows([late, untimed, other, early], NOON.date() + timedelta(days=1), ZONE)
    assert found == [early, late, untimed]
    text = look_ahead_text(found, NOON + timedelta(days=1))
    assert text == "Tomorrow, Tuesday 10 March: 08:00 “dentist”; 19:00 “choir”; “buy milk”"


def test_daily_times_follow_the_local_clock_over_a_clock_change() -> None:
    before = datetime(2026, 3, 28, 21, 0, tzinfo=ZONE)
    after = next_time(EVENING, before)
    assert (after.date().isoformat(), after.hour) == ("2026-03-29", 21)
    assert nanoseconds(after) - nanoseconds(before) == 23 * 3600 * 10**9
