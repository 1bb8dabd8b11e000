"""LocalAgreement-2: golden guesses, and that only two guesses in a row change what is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.agreement import Agreement, agree, normalised


def follow(*guesses: str) -> list[str]:
    """What is shown after each guess."""
    state, shown = Agreement(), []
    for guess in guesses:
        state = agree(state, guess.split())
        shown.append(state.text)
    return shown


def test_words_are_shown_when_two_guesses_agree() -> None:
    assert follow("how", "how nice", "how nice then", "how nice them") == ["", "how", "how nice", "how nice"]


def test_case_and_commas_do_not_hold_words_back() -> None:
    assert follow("well yes", "Well, yes I do.") == ["", "Well, yes"]


def test_one_guess_that_contradicts_what_is_shown_changes_nothing() -> None:
    assert follow("a b c", "a b c", "x b c d", "a b")[-1] == "a b c"


def test_two_guesses_in_a_row_overrule_what_is_shown() -> None:
    assert follow("a b c", "a b c", "x b d", "x b e")[-1] == "x b"


def test_lone_signs_stay_different() -> None:
    assert normalised("—") == "—"
    assert normalised("Don't!") == "don't"


words = st.lists(st.sampled_from(["one", "One,", "two", "three"]), max_size=5)


@settings(max_examples=100, deadline=None)
@given(st.lists(words, max_size=8))
def test_what_changes_is_what_two_guesses_share(guesses: list[list[str]]) -> None:
    state = Agreement()
    for guess in guesses:
        before, last = state.agreed, [normalised(word) for word in state.newest]
        state = agree(state, guess)
        shown = [normalised(word) for word in state.agreed]
        assert state.agreed == before or shown == last[: len(shown)] == [
            normalised(word) for word in guess[: len(shown)]
        ]
        assert shown != [normalised(word) for word in before[: len(shown)]] or len(shown) == len(before)
