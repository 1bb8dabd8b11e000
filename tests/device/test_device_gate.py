"""The gate lets speech through with what was just before and after it, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.gate import Gate, Gated, GateRules, Packet
from tests.device.sensed import SPEECH, at

PRE_ROLL, HANGOVER = 25, 40


def push(gate: Gate, voices: list[int], first: int = 0) -> list[Gated]:
    """Pushes packets numbered from `first`; the number is the packet's sound."""
    out: list[Gated] = []
    for number, voice in enumerate(voices, start=first):
        out += gate.push(Packet(at=at(20 * number), pcm=str(number).encode()), voice)
    return out


def passed(gated: list[Gated]) -> list[int]:
    return [int(g.packet.pcm) for g in gated if g.speech]


def test_silence_never_passes() -> None:
    gate = Gate(GateRules())
    out = push(gate, [0] * 200) + gate.finish()
    assert len(out) == 200
    assert not passed(out)


def test_silence_waits_no_longer_than_the_pre_roll() -> None:
    gate = Gate(GateRules())
    assert len(push(gate, [0] * 200)) == 200 - PRE_ROLL


def test_speech_passes_with_pre_roll_and_hangover() -> None:
    gate = Gate(GateRules())
    out = push(gate, [0] * 100 + [SPEECH] * 50 + [0] * 100) + gate.finish()
    assert passed(out) == list(range(100 - PRE_ROLL, 150 + HANGOVER))


def test_a_click_does_not_open() -> None:
    gate = Gate(GateRules(open_ms=60))
    out = push(gate, [0] * 50 + [SPEECH] * 2 + [0] * 100) + gate.finish()
    assert not passed(out)


def test_speech_at_once_has_a_shorter_pre_roll() -> None:
    gate = Gate(GateRules())
    assert passed(push(gate, [0] * 3 + [SPEECH] * 10)) == list(range(13))


def test_a_weak_syllable_keeps_an_open_gate_open() -> None:
    gate = Gate(GateRules())
    push(gate, [SPEECH] * 10 + [0] * 30)
    push(gate, [GateRules().keep], first=40)
    assert passed(push(gate, [0] * 100, first=41))[-1] == 40 + HANGOVER


def test_a_pause_shorter_than_the_hangover_is_sent() -> None:
    gate = Gate(GateRules())
    out = push(gate, [SPEECH] * 10 + [0] * (HANGOVER - 1) + [SPEECH] * 10)
    assert len(passed(out)) == len(out) == 10 + HANGOVER - 1 + 10


def test_finish_closes_and_forgets() -> None:
    gate = Gate(GateRules())
    push(gate, [SPEECH] * 10)
    assert gate.is_open
    gate.finish()
    assert not gate.is_open
    assert not passed(push(gate, [0] * 10, first=10) + gate.finish())


@given(st.lists(st.integers(0, 255), max_size=300), st.integers(0, 299))
@settings(max_examples=60, deadline=None)
def test_every_packet_comes_out_once_and_in_order(voices: list[int], cut: int) -> None:
    gate = Gate(GateRules())
    out = push(gate, voices[:cut]) + gate.finish() + push(gate, voices[cut:], first=min(cut, len(voices)))
    out += gate.finish()
    assert [int(g.packet.pcm) for g in out] == list(range(len(voices)))
    assert [g.voice for g in out] == voices


@given(st.lists(st.integers(0, 255), max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_clearly_speech_passes(voices: list[int]) -> None:
    rules = GateRules()
    gate = Gate(rules)
    out = push(gate, voices) + gate.finish()
    sent = set(passed(out))
    for number in range(len(voices) - 1):
        if min(voices[number : number + 2]) >= rules.threshold:
            assert {number, number + 1} <= sent
