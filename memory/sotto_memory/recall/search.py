"""The way of a question through the memory: words, then all else that speaks for a memory, then strength and reasons.

The thin shell over the pure files of this folder, and the only one of them that the facade calls. It looks, and
changes nothing: finding a memory is not using it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sotto_memory.hits import Hit, Part, Recalled
from sotto_memory.recall import certainty, fusion, hops, newest, pool, postings
from sotto_memory.recall.explain import Reasons, persons_in, why
from sotto_memory.recall.factors import asked_of, is_stranger, untimely
from sotto_memory.recall.lexical import Ask, Found, Parts, find, led
from sotto_memory.recall.lookalikes import may_tell
from sotto_memory.recall.people import by_wearer, named, names
from sotto_memory.recall.pool import Seen, sight
from sotto_memory.recall.query import Query, read
from sotto_memory.recall.tuning import Tuning
from sotto_memory.recall.view import View
from sotto_memory.records import MemoryRecord
from sotto_memory.strength import retrievability
from sotto_memory.wording.questions import speaks_of_self, tells_work
from sotto_memory.wording.words import root, words

if TYPE_CHECKING:
    from sotto_memory.recall.vectors import Meaning
    from sotto_memory.store import Store

SWAY: Final = 0.1
"""How far strength may move a score: by this share up or down."""
_NOTHING: Final = Recalled(hits=(), certainty=0.0, known=False)
_DEFAULT: Final = Tuning()
_SLOT_ROWS: Final = 20
_TIED: Final = 10
"""So many more hits than are asked for are swayed by strength."""


@dataclass(slots=True)
class _Row:
    """A row on its way to be a hit. `score`: the sum of its parts."""

    seen: Seen
    parts: Parts
    column: int = -1
    covered: float = 0.0
    score: float = 0.0

    def __post_init__(self) -> None:
        self.score = sum(self.parts.values())

    def add(self, part: Part, share: float) -> None:
        self.parts[part] = self.parts.get(part, 0.0) + share
        self.score += share


def recall(  # noqa: PLR0913  (all that a question brings)
    store: "Store",
    text: str,
    *,
    view: View,
    now_ns: int,
    limit: int,
    meaning: "Meaning | None" = None,
    tuning: Tuning = _DEFAULT,
) -> Recalled:
    """The best `limit` memories for a question, best first, and how sure they are. No words, no hits."""
    query = read(text, now_ns, store.zone, tuning)
    with store.reading():
        here = postings.reach(store)
        if here is None or limit <= 0:
            return _NOTHING
        span = (query.span.from_ns, query.span.to_ns) if query.span else None
        ask = Ask(
            store=store,
            here=here,
            query=query,
            named=named(store, query),
            sight=sight(replace(view, now_ns=now_ns), span, formerly=query.formerly),
            now_ns=now_ns,
            tuning=tuning,
        )
        said = Reasons(persons=persons_in(text, asked_of(query, ask.named)), when=_when(query, text))
        return _recalled(ask, meaning, limit, said)


def _recalled(ask: Ask, meaning: "Meaning | None", limit: int, said: Reasons) -> Recalled:
    found = find(ask)
    rows = _rows(ask, found)
    _follow_words(ask, found, rows)
    _answer_slots(ask, rows)
    _look_at_time(rows)
    _compare_meaning(ask, meaning, rows)
    _follow_evidence(ask, rows)
    _prefer_newest(ask, rows)
    hits = _hits(ask, found, rows, limit, said)
    sure = _sure(ask, rows, hits)
    return Recalled(hits=tuple(hits), certainty=sure, known=sure >= certainty.KNOWN_FROM)


def swayed(relevance: float, strength: float) -> float:
    """Relevance moved by strength (0..1): by -10 % when all but gone, by +10 % when fresh."""
    return relevance * (1 - SWAY + 2 * SWAY * strength)


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Best first; of equals the one that was used or came last."""
    return sorted(hits, key=lambda hit: (hit.score, hit.record.last_use_ns, hit.record.recorded_ns), reverse=True)


def _rows(ask: Ask, found: Found) -> dict[int, _Row]:
    covered = certainty.coverage(
        found.terms, found.known, found.covered, ask.here.rows, asked_of(ask.query, ask.named)
    )
    several = enumerate(zip(found.rows, found.parts, covered, strict=True))
    return {
        seen.number: _Row(seen=seen, parts=dict(parts), column=column, covered=float(share))
        for column, (seen, parts, share) in several
        if parts or seen.within
    }


def _top(rows: Mapping[int, _Row], most: int) -> list[_Row]:
    return sorted(rows.values(), key=lambda row: (-row.score, -row.seen.number))[:most]


def _best(rows: Mapping[int, _Row]) -> float:
    return max((row.score for row in rows.values()), default=0.0)


def _add(rows: dict[int, _Row], seen: Seen, part: Part, share: float) -> None:
    row = rows.get(seen.number)
    if row is None:
        row = rows[seen.number] = _Row(seen=seen, parts={})
    row.add(part, share)


def _fetched(ask: Ask, rows: Mapping[int, _Row], numbers: Iterable[int]) -> list[Seen]:
    """The rows with these numbers, those that are known already as they are."""
    wanted = list(numbers)
    missing = [number for number in wanted if number not in rows]
    more = pool.closely(ask.store, missing, ask.sight, ask.query.slots, ask.now_ns) if missing else []
    return [rows[number].seen for number in wanted if number in rows] + more


def _follow_words(ask: Ask, found: Found, rows: dict[int, _Row]) -> None:
    """The words of the best rows asked for as well, among the rows that were found."""
    best = [(row.seen.text, row.score) for row in _top(rows, ask.tuning.feedback_hits)]
    if not ask.tuning.feedback or not best:
        return
    known = frozenset(root(term.word) for term in ask.query.terms) | {root(one) for one in ask.named.subjects}
    leads = hops.leads(ask.store, best, known, ask.here, ask.tuning.feedback_words)
    more = led(ask, found, leads)
    for seen, share, factor in zip(found.rows, more, found.factors, strict=True):
        if share > 0 and seen.number in rows:
            _add(rows, seen, Part.HOP, ask.tuning.feedback * share * factor)


def _answer_slots(ask: Ask, rows: dict[int, _Row]) -> None:
    """What holds the value that is asked for comes first: at the time that is named, else the newest that is true."""
    if not ask.query.slots:
        return
    numbers = pool.holding(ask.store, ask.query.slots, _SLOT_ROWS)
    holding = _fetched(ask, rows, numbers)
    if ask.query.before:
        holding = _just_before(holding, ask.query.before)
    fitting = [seen for seen in holding if fits_time(seen, ask.query)]
    if not fitting and ask.query.span is None and not ask.query.formerly:
        fitting = holding  # all that the view shows: those that were true then
    best = _best(rows) or 1.0
    for seen in fitting:
        _add(rows, seen, Part.SLOT, ask.tuning.slot * best)


def _just_before(holding: Sequence[Seen], value: frozenset[str]) -> list[Seen]:
    """The value that was so before this one: the last that began earlier. Where it is not known, those without it."""
    began = [seen.at_ns for seen in holding if value <= frozenset(words(seen.text))]
    others = [seen for seen in holding if not value <= frozenset(words(seen.text))]
    earlier = [seen for seen in others if not began or seen.at_ns < max(began)]
    return sorted(earlier, key=lambda seen: -seen.at_ns)[:1]


def fits_time(seen: Seen, query: Query) -> bool:
    """Whether a value was true at the time that a question is about: the one it names, formerly, or now."""
    if query.span is not None:
        return seen.within
    return seen.closed is query.formerly


def _look_at_time(rows: dict[int, _Row]) -> None:
    """When no word leads anywhere, a question that names a time is answered by what happened then."""
    if any(row.score > 0 for row in rows.values()):
        return
    for row in rows.values():
        if row.seen.within:
            row.add(Part.TIME, 1.0)


def _compare_meaning(ask: Ask, meaning: "Meaning | None", rows: dict[int, _Row]) -> None:
    """What the embedder adds; see `fusion`."""
    if meaning is None:
        return
    near, best = meaning.nearest(fusion.NEAREST), _best(rows)
    by_words = frozenset(number for number, row in rows.items() if row.score > 0)
    for number, share in fusion.bonus(meaning.cosines(sorted(by_words)), near, best, ask.tuning).items():
        _add(rows, rows[number].seen, Part.VECTOR, share)
    covered = max((row.covered for row in _top(rows, certainty.LOOKED_AT)), default=0.0)
    guests = fusion.guests(near, by_words, best, covered, ask.tuning)
    shown = sorted(_fetched(ask, rows, guests), key=lambda seen: -guests[seen.number])
    for seen in shown[: ask.tuning.guests if best else None]:
        _add(rows, seen, Part.VECTOR, guests[seen.number])


def _follow_evidence(ask: Ask, rows: dict[int, _Row]) -> None:
    """What rests on the evidence of the best rows, on them, or lies under them."""
    best = {row.seen.number: row.score for row in _top(rows, ask.tuning.feedback_hits) if row.score > 0}
    scores = hops.linked(ask.store, best)
    for seen in _fetched(ask, rows, scores):
        if seen.number not in best:
            _add(rows, seen, Part.HOP, ask.tuning.evidence * scores[seen.number])


def _prefer_newest(ask: Ask, rows: dict[int, _Row]) -> None:
    """Of statements that answer equally well, the newest leads; see `newest`. Slots know better."""
    top = _top(rows, ask.tuning.rivals)
    if ask.query.formerly or not top or any(Part.SLOT in row.parts for row in top):
        return
    leader = newest.leading([_statement(ask, row) for row in top])
    if leader is not None:
        _add(rows, rows[leader.number].seen, Part.TIME, top[0].score * (1 + ask.tuning.newest) - leader.score)


def _statement(ask: Ask, row: _Row) -> newest.Statement:
    return newest.Statement(
        number=row.seen.number,
        kind=row.seen.kind,
        at_ns=row.seen.at_ns,
        score=row.score,
        covered=row.covered,
        of_whom=_belongs(ask, row.seen) and _of_self(ask, row.seen),
        fits_time=ask.query.span is None or row.seen.within,
    )


def _of_self(ask: Ask, seen: Seen) -> bool:
    """Whether a row is about the wearer, where the wearer asks about himself; else every row will do."""
    if not ask.query.of_wearer or asked_of(ask.query, ask.named):
        return True
    return by_wearer(seen.subject, seen.source) and speaks_of_self(seen.text)


def _hits(ask: Ask, found: Found, rows: Mapping[int, _Row], limit: int, asked: Reasons) -> list[Hit]:
    """The hits with their records, swayed by strength."""
    best = {row.seen.number: row for row in _in_reach(_top(rows, limit + _TIED), limit) if row.score > 0}
    records = pool.records(ask.store, best, ask.sight)
    hits = [_hit(best[number], record, ask.now_ns) for number, record in records.items()]
    said = {record.id: _reasons(best[number], found, asked) for number, record in records.items()}
    return [replace(hit, why=why(hit, said[hit.record.id], ask.now_ns)) for hit in ranked(hits)[:limit]]


def _in_reach(top: Sequence[_Row], limit: int) -> list[_Row]:
    """Of the best rows, those that strength may bring among the first `limit`."""
    least = swayed(top[limit - 1].score, 0) if len(top) >= limit else 0
    return [row for row in top if swayed(row.score, 1) >= least]


def _when(query: Query, text: str) -> str:
    """The time that a question names, in its own words."""
    return " ".join(text[slice(*query.span.words)].split()) if query.span else ""


def _hit(row: _Row, record: MemoryRecord, now_ns: int) -> Hit:
    score = swayed(row.score, retrievability(record, now_ns))
    return Hit(record=record, score=score, why="", parts=row.parts)


def _reasons(row: _Row, found: Found, asked: Reasons) -> Reasons:
    own, sums = (shares[:, row.column] if row.column >= 0 else () for shares in (found.own, found.covered))
    words = [(term.word, a, b) for term, a, b in zip(found.terms, own, sums, strict=False)]
    return replace(
        asked,
        said=tuple(word for word, a, _ in words if a > 0),
        beside=tuple(word for word, a, b in words if a == 0 < b),
        when=asked.when if row.seen.within else "",
    )


def _sure(ask: Ask, rows: Mapping[int, _Row], hits: Sequence[Hit]) -> float:
    """How sure the answer is; a question without words to look for is as sure as there is anything."""
    if not ask.query.terms:
        return 1.0 if hits else 0.0
    best = _top(rows, certainty.LOOKED_AT)
    holds = [Part.SLOT in row.parts for row in best]
    shares = [row.covered * (1.0 if any(holds) else _may_tell(ask, row.seen)) for row in best]
    belong = [_belongs(ask, row.seen) and not untimely(row.seen, ask.query) for row in best]
    return certainty.certainty(shares, belong, holds)


def _may_tell(ask: Ask, seen: Seen) -> float:
    """What is left of the certainty of a row that does not hold the single value that is asked for, if one is."""
    if ask.query.of_work and not tells_work(seen.text):
        return certainty.LOOKALIKE
    if not ask.query.slots:
        return 1.0
    return certainty.UNHELD if may_tell(seen.text, seen.subject, ask.query.slots) else certainty.LOOKALIKE


def _belongs(ask: Ask, seen: Seen) -> bool:
    """Whether a row is about nobody else than the question."""
    return _of_whom(ask, seen) and not is_stranger(seen, ask.query, ask.named)


def _of_whom(ask: Ask, seen: Seen) -> bool:
    """Whether a row is by or about everybody whom the question names."""
    asked = asked_of(ask.query, ask.named)
    return all(names(f"{seen.subject} {seen.text}", frozenset({one})) for one in asked)
