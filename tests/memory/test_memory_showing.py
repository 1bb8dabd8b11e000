"""One memory laid open: its curve is the one that ranks and archives, and the plot can be read in any terminal."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryMissingError, MemoryRecord, Source, Use, UseNote, new_memory
from sotto_memory.curve import curve_of, falls_below
from sotto_memory.decay import NS_PER_DAY, days_until, forgetting_curve
from sotto_memory.keeping.pruning import prunable
from sotto_memory.plot import frame_of, plotted
from sotto_memory.showing import archived_from, prunable_from, reasons
from sotto_memory.strength import FADED_BELOW, belongs_in_archive, retrievability, used
from sotto_memory.uses import HISTORY_ITEMS

NOW_NS = 1_773_039_608 * 10**9  # 2026-03-09 07:00:08 UTC
NEVER_FADES = "It is never put away and never pruned."

uses = st.lists(st.tuples(st.integers(-3, 400 * 24), st.sampled_from(Use)), max_size=12)
"""Hours since the last one (a clock may go back) and what happened."""
records = st.builds(
    lambda kind, source, pinned, importance, status, days, archived: replace(
        made(importance=importance),
        kind=kind,
        source=source,
        pinned=pinned,
        stability_days=days,
        archived=archived,
        details={"status": status},
    ),
    st.sampled_from(Kind),
    st.sampled_from(Source),
    st.booleans(),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from(["open", "done"]),
    st.floats(0.001, 1e15),
    st.booleans(),
)


def made(text: str = "Anna likes tea", kind: Kind = Kind.FACT, **fields: Any) -> MemoryRecord:
    return new_memory(kind=kind, text=text, now_ns=NOW_NS, **{"id": "m1", **fields})


def lived(record: MemoryRecord, *days: tuple[int, Use]) -> MemoryRecord:
    for day, use in days:
        record = used(record, NOW_NS + day * NS_PER_DAY, use)
    return record


@given(uses, st.sampled_from([0.1, 0.5, 0.9]))
@settings(max_examples=60, deadline=None)
def test_the_curve_is_what_was_and_will_be(happened: list[tuple[int, Use]], importance: float) -> None:
    states, at_ns = [made(importance=importance)], NOW_NS
    for hours, use in happened:
        at_ns += hours * 3600 * 10**9
        states.append(used(states[-1], at_ns, use))
    curve = curve_of(states[-1])
    assert curve.complete
    assert [state.stability_days for state in curve.states] == [state.stability_days for state in states]
    for state, after in zip(states, [*states[1:], None], strict=True):
        until_ns = after.last_use_ns if after else state.last_use_ns + 900 * NS_PER_DAY
        for instant_ns in range(state.last_use_ns, until_ns, max(1, (until_ns - state.last_use_ns) // 3)):
            assert curve.strength(instant_ns) == retrievability(state, instant_ns)


@given(records, st.integers(0, 200_000))
@settings(max_examples=150, deadline=None)
def test_the_day_it_fades_is_the_day_on_which_rest_and_prune_would_act(record: MemoryRecord, days: int) -> None:
    archive_ns, prune_ns = archived_from(record), prunable_from(record)
    for at_ns in (NOW_NS + days * NS_PER_DAY, archive_ns, prune_ns):
        if at_ns is None or at_ns >= 2**63:
            continue
        for instant_ns in (at_ns - 1, at_ns):
            assert belongs_in_archive(record, instant_ns) == (archive_ns is not None and instant_ns >= archive_ns)
            may_go = record.archived and prune_ns is not None and instant_ns >= prune_ns
            assert prunable(record, instant_ns) == may_go


@pytest.mark.parametrize("recall", [1.0, 0.9, 0.5, 0.4, 0.01])
@pytest.mark.parametrize("stability_days", [0.001, 2.3065, 36_500.0])
def test_days_until_is_the_curve_turned_round(recall: float, stability_days: float) -> None:
    assert forgetting_curve(days_until(recall, stability_days), stability_days) == pytest.approx(recall, rel=1e-12)


def test_what_the_calendar_cannot_hold_is_never() -> None:
    assert falls_below(replace(made(), stability_days=1e15), FADED_BELOW) is None
    assert falls_below(replace(made(), pinned=True), FADED_BELOW) is None
    late = replace(made(), last_use_ns=2**63 - 1)
    assert falls_below(late, FADED_BELOW) is None
    assert plotted(curve_of(late), now_ns=2**63 - 1, archive_ns=None, zone=UTC)


def test_a_merge_that_raised_importance_hides_nothing() -> None:
    record = lived(made(importance=0.2), (3, Use.SHOWN))
    assert curve_of(replace(record, importance=0.9)).complete


@pytest.mark.parametrize(
    "record",
    [
        lived(made(), *((n, Use.SHOWN) for n in range(HISTORY_ITEMS + 1))),
        replace(lived(made(), (5, Use.TOLD)), history=()),
        replace(lived(made(), (5, Use.TOLD)), stability_days=77.0),
        replace(made(), last_use_ns=NOW_NS - 1),
    ],
    ids=["more than a history holds", "from an older file", "learnt elsewhere", "used before it was kept"],
)
def test_a_replay_that_does_not_end_where_the_memory_is_is_not_believed(record: MemoryRecord) -> None:
    curve = curve_of(record)
    assert not curve.complete
    assert (curve.states, curve.begins_ns) == ((record,), record.last_use_ns)
    assert set(curve.notes) <= set(record.history[-1:])
    lines = plotted(curve, now_ns=record.last_use_ns + NS_PER_DAY, archive_ns=None, zone=UTC)
    assert lines[-1] == "it begins with the last use: of earlier ones too little is known"


PICTURE = """\
100% |*                 ***              :
     | *                   ******        :
 90% |  *                        ********:
     |   *                               *............
 80% |    **                             :            .....................
     |      *****                        :                                 ...
 70% |           ******                  :
     |                 *                 :
 60% |                                   :
     |                                   :
 50% | - - - - - - - - - - - - - - - - - : - - - - - - - - - - - - - - - - - -
     |                                   :
 40% |                                   :
     +-----------------------------------:------------------------------------
                       +
      2026-03-09                        now                         2026-07-07
* was  . if never used again  : now  - - archive below
under the axis: + a use that strengthened, - one that weakened"""
"""Learned with a stability of 2.3 days, so 67 % after 30; used then, 87 % after 30 more."""


def test_the_picture() -> None:
    record = lived(made(), (30, Use.SHOWN))
    curve = curve_of(record)
    lines = plotted(curve, now_ns=NOW_NS + 60 * NS_PER_DAY, archive_ns=NOW_NS + 99 * NS_PER_DAY, zone=UTC)
    assert lines == PICTURE.splitlines()


@pytest.mark.parametrize("source", [Source.WEARER, Source.OTHER])
def test_the_line_of_the_archive_is_drawn_for_what_may_fall_below_it(memory: Memory, source: Source) -> None:
    memory.add(made(source=source))
    shown = memory.show("m1", NOW_NS + 60 * NS_PER_DAY)
    lines = shown.plot()
    may_fall = NEVER_FADES not in shown.why
    assert may_fall is (source is Source.OTHER)
    assert any("- - archive below" in line for line in lines) is may_fall
    assert any(line.count("- -") > 5 for line in lines) is may_fall


@given(uses, st.integers(0, 250), st.integers(-500, 3000))
@settings(max_examples=60, deadline=None)
def test_the_plot_is_plain_text_no_wider_than_asked(happened: list[tuple[int, Use]], width: int, days: int) -> None:
    record, at_ns = made(), NOW_NS
    for hours, use in happened:
        at_ns += hours * 3600 * 10**9
        record = used(record, at_ns, use)
    now_ns = NOW_NS + days * NS_PER_DAY
    lines = plotted(curve_of(record), now_ns=now_ns, archive_ns=archived_from(record), zone=UTC, width=width)
    assert all(line.isascii() and line.isprintable() and line == line.rstrip() for line in lines)
    assert all(len(line) <= min(max(width, 40), 200) for line in lines)
    grid = [line[6:] for line in lines if line[5:6] == "|"]
    drawn = ["".join(row[n : n + 1] for row in grid) for n in range(min(max(width, 40), 200) - 6)]
    assert all(sum(sign in "*." for sign in column) == 1 for column in drawn)


def test_the_future_only_falls() -> None:
    record = lived(made(), (3, Use.SHOWN), (20, Use.TOLD))
    shown_at = NOW_NS + 30 * NS_PER_DAY
    frame = frame_of(curve_of(record), shown_at, archived_from(record), 72)
    points = curve_of(record).points(shown_at, frame.until_ns, 72)
    assert [p.strength for p in points] == sorted((p.strength for p in points), reverse=True)
    assert points[-1].strength < points[0].strength


def test_the_frame_reaches_to_where_it_fades() -> None:
    record = made()
    archive_ns = archived_from(record)
    assert archive_ns is not None
    frame = frame_of(curve_of(record), NOW_NS, archive_ns, 72)
    assert frame.from_ns == NOW_NS < archive_ns < frame.until_ns
    assert frame.column(archive_ns) is not None
    assert frame.column(frame.until_ns) == 71
    assert frame.column(frame.until_ns + 1) is None


def why(**fields: Any) -> tuple[str, ...]:
    return reasons(replace(made(), **fields), NOW_NS + 10 * NS_PER_DAY, UTC)


def test_why_it_is_kept() -> None:
    assert why() == (
        "Its strength is 77% now: never used since it was kept, it falls to 90% within 2 days of a use.",
        "If it is never used again, it belongs in the archive from 2026-10-04 on."
        " It may be pruned, by hand only, from 2028-08-19 on.",
    )
    assert why(pinned=True) == ("It is pinned: it does not fade.", NEVER_FADES)
    stated = why(source=Source.WEARER)
    assert (stated[0], stated[-1]) == ("The wearer stated it: it fades in rank, never out of reach.", NEVER_FADES)
    still = why(kind=Kind.COMMITMENT, details={"status": "open"})
    assert still[0] == "It is an open commitment: it stays in sight until it is done or called off."
    assert still[-1] == NEVER_FADES
    assert why(stability_days=0.5)[0].endswith("within a day of a use.")
    assert why(stability_days=4000.0)[0].endswith("within 11 years of a use.")
    assert why(uses=1, last_use_ns=NOW_NS + NS_PER_DAY)[0].startswith(
        "Its strength is 78% now: last used on 2026-03-10"
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"archived": True}, "It has faded and lies in the archive: only a search of the past finds it."),
        ({"doubt": "unsure"}, "It waits for the wearer's review (unsure): until then no search finds it."),
        ({"binned_ns": NOW_NS}, "It lies in the bin since 2026-03-09: emptying the bin erases it for good."),
        (
            {"superseded_ns": NOW_NS, "details": {"superseded_by": "m2"}},
            "A newer memory (m2) took its place on 2026-03-09: it is kept for questions about the past.",
        ),
        (
            {"superseded_ns": NOW_NS},
            "A newer one took its place on 2026-03-09: it is kept for questions about the past.",
        ),
        (
            {"superseded_ns": NOW_NS, "valid_until_ns": NOW_NS, "details": {"superseded_by": "M2"}},
            "It was corrected on 2026-03-09 by a newer memory (M2): it is kept as what was believed till then.",
        ),
        ({"details": {"corrects": "m0"}}, "It corrects what was believed before (m0)."),
        (
            {"valid_until_ns": NOW_NS},
            "It was true until 2026-03-09: it is kept for questions about the past.",
        ),
    ],
)
def test_what_keeps_it_out_of_sight_comes_first(fields: dict[str, Any], sentence: str) -> None:
    assert why(**fields)[0] == sentence


def test_an_episode_that_is_over_is_no_less_true() -> None:
    assert why(kind=Kind.EPISODE, valid_until_ns=NOW_NS) == why(kind=Kind.EPISODE)


def test_shown_with_all_that_it_rests_on(memory: Memory) -> None:
    quoted = made(id="fact", source=Source.OTHER, evidence=("u1", "u2"), quotes={"u1": "anna likes tea"})
    fact = memory.add(quoted)
    insight = memory.add(made("Anna drinks a lot", Kind.INSIGHT, id="insight", evidence=("fact",)))
    memory.use("fact", NOW_NS + 5 * NS_PER_DAY)
    before = memory.get("fact")
    shown = memory.show("fact", NOW_NS + 9 * NS_PER_DAY)
    assert [(g.id, g.text, g.at_ns, g.is_memory) for g in shown.evidence] == [
        ("u1", "anna likes tea", 0, False),
        ("u2", "", 0, False),
    ]
    assert [record.id for record in shown.resting] == [insight.id]
    assert shown.record.history == (UseNote(at_ns=NOW_NS + 5 * NS_PER_DAY, use=Use.SHOWN),)
    assert shown.strength == shown.curve.strength(shown.now_ns) == retrievability(shown.record, shown.now_ns)
    assert memory.get("fact") == before == shown.record
    ground = memory.show("insight", NOW_NS).evidence[0]
    assert (ground.text, ground.at_ns, ground.is_memory) == (fact.text, NOW_NS, True)
    with pytest.raises(MemoryMissingError):
        memory.show("nobody", NOW_NS)


def test_days_begin_where_the_wearer_is(memory: Memory) -> None:
    memory.add(made(id="late", last_use_ns=NOW_NS, binned_ns=NOW_NS))
    east = timezone(timedelta(hours=17))
    assert "since 2026-03-09" in memory.show("late", NOW_NS).why[0]
    shown = memory.show("late", NOW_NS, east)
    assert "since 2026-03-10" in shown.why[0]
    assert shown.plot()[-2].split()[0] == "2026-03-10"
    assert len(shown.points()) == 72
    assert shown.points()[0].at_ns == NOW_NS
