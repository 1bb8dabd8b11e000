"""A moment becomes an episode, and back to its lines; erased lines leave no word."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.bridge.days import beside, due_day, due_in_words, local_time, nanoseconds, parse_due
from sotto_hub.bridge.episodes import episode_of, lines_of, without_lines
from sotto_hub.bridge.words import clean
from sotto_hub.records import Moment, Utterance
from sotto_memory import Kind, new_memory

S = 1_000_000_000
START_NS = 1_773_039_600 * S
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def line(n: int, text: str, speaker: str | None = None) -> Utterance:
    start_ns = START_NS + n * 4 * S
    return Utterance(id=f"u{n}", device_id="d", start_ns=start_ns, end_ns=start_ns + S, text=text, speaker=speaker)


def moment(*lines: Utterance) -> Moment:
    return Moment(id="m1", start_ns=lines[0].start_ns, end_ns=lines[-1].end_ns, utterances=lines)


def test_an_episode_holds_the_lines_and_what_they_rest_on() -> None:
    record = episode_of(moment(line(0, "good morning"), line(1, "hello  tom", "wearer")), START_NS)
    assert record
    assert record.kind is Kind.EPISODE
    assert record.text == "good morning\nwearer: hello tom"
    assert record.evidence == ("u0", "u1")
    assert (record.valid_from_ns, record.valid_until_ns) == (START_NS, START_NS + 5 * S)


def test_lines_come_back_with_their_times_and_speakers() -> None:
    record = episode_of(moment(line(0, "good morning"), line(1, "hello", "wearer")), START_NS)
    assert record
    found = [(x.utterance_id, x.at_ns, x.speaker, x.text) for x in lines_of(record)]
    assert found == [("u0", START_NS, None, "good morning"), ("u1", START_NS + 4 * S, "wearer", "hello")]


def test_erased_lines_are_gone_with_their_words() -> None:
    record = episode_of(moment(line(0, "the code is golden trumpet"), line(1, "hello")), START_NS)
    assert record
    rest = without_lines(record, {"u0"})
    assert rest
    assert rest.text == "hello"
    assert rest.evidence == ("u1",)
    assert "u0" not in rest.details["lines"]
    assert without_lines(rest, {"u1"}) is None


def test_no_words_make_no_episode() -> None:
    assert episode_of(moment(line(0, "  \n ")), START_NS) is None


def test_an_episode_from_elsewhere_is_read_as_plain_lines() -> None:
    record = new_memory(kind=Kind.EPISODE, text="first\nsecond", now_ns=START_NS)
    assert [x.text for x in lines_of(record)] == ["first", "second"]
    assert {x.utterance_id for x in lines_of(record)} == {record.id}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from([None, "wearer", "tom"])), min_size=1, max_size=6))
def test_any_words_survive_the_way_there_and_back(said: list[tuple[str, str | None]]) -> None:
    record = episode_of(moment(*(line(n, text, who) for n, (text, who) in enumerate(said))), START_NS)
    expected = [(clean(text), who) for text, who in said if clean(text)]
    assert [(x.text, x.speaker) for x in lines_of(record)] == expected if record else not expected


def test_due_times_in_words() -> None:
    assert due_in_words("2026-03-10T19:00:00+01:00", STOCKHOLM) == "Tuesday 10 March at 19:00"
    assert due_in_words("2026-03-10T18:00:00+00:00", STOCKHOLM, year=True) == "Tuesday 10 March 2026 at 19:00"
    assert due_in_words("2026-03-10", STOCKHOLM) == "Tuesday 10 March"
    assert due_in_words("", STOCKHOLM) == ""
    assert parse_due("") is None
    day = due_day("2026-03-10T23:30:00+00:00", STOCKHOLM)
    assert day
    assert day.isoformat() == "2026-03-11"
    today = local_time(START_NS, STOCKHOLM).date()
    assert (beside(today, today), beside(day, today)) == ("today", "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4 * 10**18))
def test_local_times_keep_microseconds(at_ns: int) -> None:
    assert nanoseconds(local_time(at_ns, STOCKHOLM)) == at_ns // 1000 * 1000
