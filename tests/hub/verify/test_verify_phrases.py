"""What is looked for after an erasure, and what may rightly be found."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.verify.phrases import LONGEST, MOST, Texts, Wanted, left_behind, lowered, pieces, wanted
from sotto_hub.verify.snapshot import quoted, stands
from sotto_memory import Kind, new_memory

SAID = "Maria keeps the blue key, under the third flowerpot"


def texts(*said: str, offered: tuple[str, ...] = (), rightful: bool = True) -> Texts:
    named = {f"u{number}": text for number, text in enumerate(said)}
    return Texts(
        said=named,
        offered={f"s{number}": text for number, text in enumerate(offered)},
        rightful=frozenset(named) if rightful else frozenset(),
    )


def test_a_text_is_looked_for_whole_and_in_windows_of_four_words() -> None:
    found = list(pieces(SAID))
    assert found[0] == SAID.lower()
    assert found[1:4] == ["maria keeps the blue", "keeps the blue key", "the blue key, under"]
    assert len(found) == 1 + 6


def test_what_is_too_short_to_tell_is_not_looked_for() -> None:
    assert list(pieces("yes")) == list(pieces("strawberries")) == list(pieces("oh no")) == []
    assert list(pieces("call maria")) == ["call maria"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_every_piece_stands_in_its_text(text: str) -> None:
    plain = text.encode(errors="replace").lower().decode()
    assert all(piece in plain and 8 <= len(piece) <= LONGEST for piece in pieces(text))


def test_what_is_gone_or_has_changed_is_wanted() -> None:
    before, after = texts("we met at the lake", "you keep the red key"), texts("we met at the lake", "you keep")
    assert wanted(before, after).phrases() == ("keep the red key", "you keep the red", "you keep the red key")
    assert wanted(before, before) == Wanted()


def test_however_much_is_gone_there_is_a_bound() -> None:
    many = Texts(said={str(number): f"word{number} and one more word" for number in range(MOST)})
    assert len(wanted(many, Texts()).phrases()) <= MOST


def test_what_somebody_said_at_another_time_may_be_found() -> None:
    looked_for = wanted(texts(SAID), Texts())
    assert left_behind(["keeps the blue key"], looked_for, Texts()) == {"keeps the blue key"}
    assert not left_behind(["keeps the blue key"], looked_for, texts("she always keeps the blue key at home"))


def test_a_memory_that_should_have_gone_excuses_nothing() -> None:
    looked_for = wanted(texts(SAID), Texts())
    leftover = Texts(said={"m1": SAID}, rightful=frozenset())
    assert left_behind(["keeps the blue key"], looked_for, leftover) == {"keeps the blue key"}


def test_the_words_of_suggestions_excuse_suggestions_only() -> None:
    asked = "Shall I remember this: pick up Tom"
    before, after = texts(SAID, offered=(asked, SAID)), Texts(offered={"s9": f"{asked}. {SAID}"})
    looked_for = wanted(before, after)
    assert "shall i remember this" in looked_for.offered
    assert left_behind(looked_for.phrases(), looked_for, after) == looked_for.said


def test_a_memory_may_hold_what_its_evidence_says_and_what_the_wearer_stated() -> None:
    said = {"u1": "dinner with tom tomorrow", "u2": SAID}
    heard = new_memory(kind=Kind.COMMITMENT, text="dinner with tom (Friday)", now_ns=0, evidence=("u1",))
    assert not stands(heard, said)
    assert stands(new_memory(kind=Kind.FACT, text="Dinner with Tom", now_ns=0, evidence=("u1",)), said)
    named = new_memory(
        kind=Kind.COMMITMENT,
        text="dinner with tom (Friday)",
        now_ns=0,
        evidence=("u1",),
        details={"what": "dinner with tom"},
    )
    assert stands(named, said)
    assert stands(new_memory(kind=Kind.FACT, text="I like tea", now_ns=0), said)
    assert stands(new_memory(kind=Kind.FACT, text="I like tea", now_ns=0, evidence=("elsewhere",)), said)
    assert not stands(new_memory(kind=Kind.FACT, text=SAID, now_ns=0, evidence=("u1",)), said)


def test_the_words_a_memory_quotes_are_looked_for_and_never_rightful() -> None:
    record = new_memory(kind=Kind.FACT, text="Tea", now_ns=0, id="m1", evidence=("u1",), quotes={"u1": SAID})
    said = quoted([record])
    assert list(said.values()) == [SAID]
    looked_for = wanted(Texts(said=said), Texts())
    assert lowered(SAID) in looked_for.said
    assert left_behind(looked_for.said, looked_for, Texts(said=said)) == looked_for.said
