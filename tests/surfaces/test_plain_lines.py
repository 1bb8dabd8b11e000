"""What plain output says: lines of events, the ledger, the summary, JSON."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.surfaces.jsonform import as_json
from sotto_hub.surfaces.ledger import (
    balanced,
    entry,
    identity,
    ledger_lines,
    losses,
    unaccounted_ns,
    verdict,
    whole_ms,
)
from sotto_hub.surfaces.lines import count, event_lines, memory_text
from sotto_hub.surfaces.localtime import from_iso
from sotto_hub.surfaces.reasons import reason_word
from sotto_hub.surfaces.summary import Outcome, summary_lines, summary_sentence
from sotto_proto.v1 import companion_pb2 as pb

ZONE = ZoneInfo("Europe/Stockholm")
AT = from_iso("2026-03-09T08:00:08+01:00")
SECOND = 1_000_000_000
DINNER = pb.Memory(
    id="m1", kind="commitment", text="dinner", recorded_ns=AT, details={"due": "2026-03-10T19:00:00+01:00"}
)
OFFER = pb.Suggestion(
    id="s1", at_ns=AT, text="Keep the dinner?", reason="it was said aloud", state=pb.SUGGESTION_STATE_OFFERED
)


def test_each_event_has_its_line() -> None:
    heard = pb.Utterance(start_ns=AT, speaker="wearer", text="how nice")
    assert event_lines(pb.Event(utterance=heard), ZONE) == ["08:00:08  heard     wearer: how nice"]
    assert event_lines(pb.Event(memory=DINNER), ZONE) == [
        "08:00:08  kept      commitment: dinner (due Tue 2026-03-10 19:00)"
    ]
    assert event_lines(pb.Event(suggestion=OFFER), ZONE) == [
        "08:00:08  offers    Keep the dinner?",
        "                    why: it was said aloud",
    ]


def test_an_answered_suggestion_says_how() -> None:
    answered = pb.Suggestion(text="Keep it?", state=pb.SUGGESTION_STATE_ACCEPTED, answered_ns=AT)
    assert event_lines(pb.Event(suggestion=answered), ZONE) == ["08:00:08  accepted  Keep it?"]


def test_what_is_erased_is_counted_not_said() -> None:
    erased = pb.Erased(utterance_ids=["u1", "u2"], memory_ids=["m1"], from_ns=AT - 30 * SECOND, to_ns=AT)
    line = "08:00:08  erased    off the record from 07:59:38 to 08:00:08: 2 utterances and 1 memory"
    assert event_lines(pb.Event(erased=erased), ZONE) == [line]


def test_partial_words_have_no_line() -> None:
    assert not event_lines(pb.Event(partial=pb.Partial(text="how")), ZONE)
    assert not event_lines(pb.Event(status=pb.StatusReply()), ZONE)
    assert event_lines(pb.Event(lagged=pb.Lagged(missed=3)), ZONE)


def test_how_a_memory_stands() -> None:
    assert memory_text(pb.Memory(kind="fact", text="a", archived=True), ZONE) == "fact: a (archived)"
    assert memory_text(pb.Memory(kind="fact", text="a", valid_until_ns=5), ZONE) == "fact: a (no longer true)"
    assert memory_text(pb.Memory(kind="episode", text="a\nb", valid_until_ns=5), ZONE) == "episode: a / b"
    assert len(memory_text(pb.Memory(kind="episode", text="word " * 100), ZONE)) < 140
    done = pb.Memory(kind="commitment", text="a", details={"due": "", "status": "done"})
    assert memory_text(done, ZONE) == "commitment: a (done)"
    assert memory_text(pb.Memory(kind="fact", text="a", archived=True, binned_ns=5), ZONE).endswith(
        "(archived, in the bin)"
    )
    assert memory_text(pb.Memory(kind="fact", text="a", doubt="unsure"), ZONE) == "fact: a (in doubt: unsure)"


@pytest.mark.parametrize(("number", "said"), [(0, "0 memories"), (1, "1 memory"), (2, "2 memories")])
def test_counting(number: int, said: str) -> None:
    assert count(number, "memory", "memories") == said


spans = st.integers(0, 10**15)


@settings(max_examples=100, deadline=None)
@given(st.tuples(spans, spans, spans, spans), st.dictionaries(st.sampled_from(["full", "off"]), spans), spans)
def test_the_identity(known: tuple[int, int, int, int], lost: dict[str, int], missing: int) -> None:
    committed, silent, muted, waiting = known
    row = pb.LedgerRow(committed_ns=committed, silent_ns=silent, muted_ns=muted, waiting_ns=waiting, lost_ns=lost)
    row.captured_ns = sum(known) + sum(lost.values()) + missing
    assert unaccounted_ns(row) == missing
    assert balanced([row]) == (missing == 0)
    assert ("NOT" in "".join(ledger_lines([row], {}))) == (missing != 0)
    shown = entry(row, {})
    assert sum(shown.reasons.values()) == shown.parts["lost"]
    assert missing or sum(shown.parts.values()) == shown.captured_ms, "what is shown adds up too"
    assert sum(losses([row]).values()) == sum(lost.values())
    assert verdict([row]).startswith("NOT balanced" if missing else "balanced")


def test_rows_stand_below_their_device_and_boot() -> None:
    rows = [
        pb.LedgerRow(device_id="d", boot_id=boot, stream=s, captured_ns=1)
        for boot, s in [("1", "mic"), ("1", "eyes"), ("2", "mic")]
    ]
    lines = ledger_lines(rows, {"d": "pendant"})
    headings = [line for line in lines[:-1] if not line.startswith(" ")]
    assert headings == ["pendant, boot 1", "pendant, boot 2"]
    assert ledger_lines([], {}) == ["nothing was captured yet"]


def test_the_equation_in_words() -> None:
    row = pb.LedgerRow(stream="mic", captured_ns=7200 * SECOND, committed_ns=7190 * SECOND, waiting_ns=SECOND)
    row.lost_ns["killed"], row.lost_ns["spool_full"] = 8 * SECOND, SECOND
    assert identity(row) == (
        "microphone: 2:00:00.000 captured = 1:59:50.000 committed"
        " + 0:00:09.000 lost (the device stopped without warning 0:00:08.000, no room on the device's disk"
        " 0:00:01.000) + 0:00:01.000 waiting: balanced"
    )
    over = pb.LedgerRow(stream="nose", captured_ns=5, committed_ns=9, lost_ns={"hub_on_fire": 0})
    assert identity(over) == "nose: 0.000 s captured = nothing: NOT BALANCED, 4 ns too much"
    assert reason_word("hub_on_fire") == "hub on fire"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8))
def test_rounding_takes_nothing_away(some: list[int]) -> None:
    whole = whole_ms(some)
    assert sum(whole) == (sum(some) + 500_000) // 1_000_000
    assert all(abs(ms * 1_000_000 - ns) < 1_000_000 for ms, ns in zip(whole, some, strict=True))


def outcome(**changes: object) -> Outcome:
    row = pb.LedgerRow(stream="mic", captured_ns=3 * SECOND, committed_ns=2 * SECOND, lost_ns={"full": SECOND})
    facts: dict[str, object] = {
        "utterances": [pb.Utterance(text="how nice"), pb.Utterance(text="good morning tom")],
        "memories": [DINNER, pb.Memory(kind="fact", text="a")],
        "suggestions": [OFFER],
        "ledger": [row],
        "zone": ZONE,
    }
    return Outcome(**(facts | changes))  # type: ignore[arg-type]  # the facts are checked where they are used


def test_the_summary_says_all_of_it() -> None:
    lines = list(summary_lines(outcome()))
    assert lines[0] == "heard      5 words in 2 utterances"
    assert lines[1] == "kept       1 commitment, 1 fact"
    assert "due Tue 2026-03-10 19:00" in lines[2]
    assert "why: it was said aloud" in lines[5]
    assert lines[6] == "ledger     balanced; 3.000 s captured, lost: 1.000 s full"
    assert "5 words" in summary_sentence(outcome())
    assert not outcome().failures


def test_what_must_not_be() -> None:
    torn = [pb.LedgerRow(stream="mic", captured_ns=5)]
    assert outcome(utterances=[]).failures == ["nothing was heard"]
    assert outcome(ledger=torn).failures == ["the ledger does not balance"]
    assert len(outcome(utterances=[], ledger=torn).failures) == 2
    assert not outcome(utterances=[], finished=False).failures
    assert "NOT balanced" in summary_sentence(outcome(ledger=torn))


def test_messages_as_plain_data() -> None:
    plain = as_json(pb.Event(suggestion=OFFER))
    assert plain["utterance"] is None
    assert isinstance(plain["suggestion"], dict)
    assert plain["suggestion"]["state"] == "offered"
    assert plain["suggestion"]["at_ns"] == AT
    assert as_json(pb.LedgerRow(lost_ns={"full": 5}))["lost_ns"] == {"full": 5}
    assert as_json(pb.Memory(confidence=0.1))["confidence"] == 0.1
    assert as_json(pb.StatusReply(rungs=[pb.Rung(ability="hear")]))["rungs"] == [
        {"ability": "hear", "rung": "", "better": "", "climb": ""}
    ]
