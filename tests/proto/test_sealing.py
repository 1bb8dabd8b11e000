"""Sealed to the hub: the hub opens, nobody else, nothing changed, and the ratchet does not turn back (P2)."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto import sealing
from sotto_proto.codec import decode_frame, encode_frame
from sotto_proto.errors import MalformedFrame, Unpaired
from sotto_proto.records import Audio, CaptureTime, Frame, Gap, GapKind, MuteState, Picture, Sealed
from sotto_proto.sealing import Opener, Sealer, header_bytes

HUB = X25519PrivateKey.from_private_bytes(bytes(range(32)))
HUB_KEY = HUB.public_key().public_bytes_raw()
WORDS = b"a very private packet"


def said(sequence: int = 1, packet: bytes = WORDS) -> Frame:
    return Frame(
        stream="mic",
        sequence=sequence,
        at=CaptureTime(monotonic_ns=5_000_000, wall_ns=1_773_039_600_000_000_000),
        duration_ns=20_000_000,
        captured_ns=20_000_000 * sequence,
        body=Audio(packets=(packet,), voice=b"\xc8"),
    )


def sealed(frame: Frame) -> Sealed:
    assert isinstance(frame.body, Sealed)
    return frame.body


def test_the_hub_opens_what_was_sealed() -> None:
    sealer, opener = Sealer.fresh(HUB_KEY), Opener(HUB)
    frames = [said(n) for n in range(1, 20)]
    boxes = [sealer.seal(frame) for frame in frames]
    assert [sealed(b).index for b in boxes] == list(range(19))
    assert all(WORDS not in encode_frame(b).SerializeToString() for b in boxes)
    assert [opener.open(decode_frame(encode_frame(b))) for b in boxes] == frames


def test_a_picture_comes_back_as_it_was() -> None:
    picture = replace(said(), duration_ns=0, body=Picture(jpeg=b"\xff\xd8" + bytes(9000), width_px=64, height_px=48))
    assert Opener(HUB).open(Sealer.fresh(HUB_KEY).seal(picture)) == picture


@settings(max_examples=30, deadline=None)
@given(order=st.lists(st.integers(0, 11), min_size=1, max_size=20))
def test_boxes_open_in_any_order_and_again(order: list[int]) -> None:
    sealer, opener = Sealer.fresh(HUB_KEY), Opener(HUB)
    boxes = [sealer.seal(said(n + 1)) for n in range(12)]
    assert [opener.open(boxes[n]).sequence for n in order] == [n + 1 for n in order]


def test_more_segments_than_are_remembered_still_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHAINS", 2)
    opener, sealers = Opener(HUB), [Sealer.fresh(HUB_KEY) for _ in range(5)]
    for sequence in range(1, 4):
        for sealer in sealers:
            assert opener.open(sealer.seal(said(sequence))) == said(sequence)


def test_nobody_else_can_open() -> None:
    box = Sealer.fresh(HUB_KEY).seal(said())
    with pytest.raises(MalformedFrame, match="not sealed for this hub") as refused:
        Opener(X25519PrivateKey.generate()).open(box)
    assert refused.value.code == "sealed"


def test_the_device_itself_cannot_after_the_ratchet_has_turned() -> None:
    """Everything the sealer still holds, in every use it could be put to, opens nothing."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    sealer = Sealer.fresh(HUB_KEY)
    frame = said()
    box = sealed(sealer.seal(frame))
    held = [value for value in vars(sealer).values() if isinstance(value, bytes)]
    assert sorted(vars(sealer)) == ["_chain", "boxes", "key", "segment"]
    keys = [chain for chain in held if len(chain) == 32]
    keys += [sealing._expand(chain, info) for chain in held for info in (b"box", b"next")]
    aad = header_bytes(frame) + sealer.segment + bytes(4)
    for key in keys:
        with pytest.raises(InvalidTag):
            ChaCha20Poly1305(key).decrypt(sealing.NONCE, box.box, aad)


@pytest.mark.parametrize(
    "changed",
    [
        {"sequence": 2},
        {"stream": "mic2"},
        {"duration_ns": 40_000_000},
        {"captured_ns": 1},
        {"since_sequence": 1},
        {"at": CaptureTime(monotonic_ns=5_000_000, wall_ns=0)},
        {"at": CaptureTime(monotonic_ns=0, wall_ns=1_773_039_600_000_000_000)},
    ],
)
def test_a_changed_header_is_refused(changed: dict[str, object]) -> None:
    box = Sealer.fresh(HUB_KEY).seal(said())
    with pytest.raises(MalformedFrame):
        Opener(HUB).open(replace(box, **changed))  # type: ignore[arg-type]  # one field at a time


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_changed_box_is_refused(data: st.DataObject) -> None:
    frame = Sealer.fresh(HUB_KEY).seal(said())
    body = sealed(frame)
    name = data.draw(st.sampled_from(["segment", "key", "box"]))
    content = bytearray(getattr(body, name))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 6))  # the highest bit of a key's last byte means nothing in X25519
    wrong = replace(frame, body=replace(body, **{name: bytes(content)}))  # type: ignore[arg-type]  # one of the bytes
    with pytest.raises(MalformedFrame):
        Opener(HUB).open(wrong)


def test_a_wrong_index_is_refused() -> None:
    frame = Sealer.fresh(HUB_KEY).seal(said())
    with pytest.raises(MalformedFrame):
        Opener(HUB).open(replace(frame, body=replace(sealed(frame), index=1)))


@pytest.mark.parametrize("key", [bytes(32), b"\x01" + bytes(31)])
def test_a_key_of_low_order_is_refused(key: bytes) -> None:
    frame = Sealer.fresh(HUB_KEY).seal(said())
    with pytest.raises(MalformedFrame, match="key is none"):
        Opener(HUB).open(replace(frame, body=replace(sealed(frame), key=key)))


@pytest.mark.parametrize("key", [b"", bytes(32), bytes(31)])
def test_a_broken_sealing_key_is_one_sentence(key: bytes) -> None:
    with pytest.raises(Unpaired, match="pair this device again"):
        Sealer.fresh(key)


@pytest.mark.parametrize("body", [Gap(kind=GapKind.SILENT), MuteState(muted=True)])
def test_only_what_was_sensed_is_sealed(body: Gap | MuteState) -> None:
    with pytest.raises(ValueError, match="only what was sensed"):
        Sealer.fresh(HUB_KEY).seal(replace(said(), body=body))
    open_frame = replace(said(), body=body)
    assert Opener(HUB).open(open_frame) == open_frame


@pytest.mark.parametrize("plain", [b"\xff\xff", b"", encode_frame(replace(said(), body=Gap(kind=GapKind.SILENT)))])
def test_a_box_with_anything_else_in_it_is_refused(plain: object, monkeypatch: pytest.MonkeyPatch) -> None:
    content = plain if isinstance(plain, bytes) else plain.SerializeToString()  # type: ignore[attr-defined]  # a message
    monkeypatch.setattr(sealing, "_plain", lambda _: content)
    box = Sealer.fresh(HUB_KEY).seal(said())
    with pytest.raises(MalformedFrame, match="holds no"):
        Opener(HUB).open(box)


def test_what_is_inside_has_to_keep_the_rules_too() -> None:
    box = Sealer.fresh(HUB_KEY).seal(replace(said(), duration_ns=19))
    with pytest.raises(MalformedFrame, match="20 ms a packet"):
        Opener(HUB).open(box)


def test_a_segment_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MAX_BOXES", 2)
    sealer = Sealer.fresh(HUB_KEY)
    sealer.seal(said(1))
    sealer.seal(said(2))
    with pytest.raises(ValueError, match="at most"):
        sealer.seal(said(3))


def test_the_ratchet_is_hkdf_as_the_standard_has_it() -> None:
    chain = bytes(range(32))
    for info in (b"box", b"next"):
        assert sealing._expand(chain, info) == HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(chain)


def test_every_segment_is_its_own() -> None:
    first, second = Sealer.fresh(HUB_KEY), Sealer.fresh(HUB_KEY)
    assert first.segment != second.segment
    assert sealed(first.seal(said())).box != sealed(second.seal(said())).box
