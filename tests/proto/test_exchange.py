"""The proof of six digits: both ends agree only if digits and authority are the same; nothing odd gets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto.errors import PairingFailed
from sotto_proto.exchange import SHARE_BYTES, Exchange, SharedKey, is_proof, is_share

FIELD = 2**255 - 19


def keys(peer: str, hub: str, seen: bytes = b"ca", own: bytes = b"ca") -> tuple[SharedKey, SharedKey]:
    ours, theirs = Exchange.of_peer(peer, seen), Exchange.of_hub(hub, own)
    return ours.finish(theirs.share), theirs.finish(ours.share)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999_999), st.binary(max_size=64))
def test_the_same_digits_make_the_same_proofs(number: int, about: bytes) -> None:
    peer, hub = keys(str(number).zfill(6), str(number).zfill(6))
    assert is_proof(hub.hub_proof(about), peer.hub_proof(about))
    assert is_proof(hub.peer_proof(about), peer.peer_proof(about))
    assert not is_proof(hub.hub_proof(about), peer.peer_proof(about))
    assert not is_proof(hub.hub_proof(about), peer.hub_proof(about + b"x"))


@pytest.mark.parametrize(("digits", "authority"), [("482914", b"ca"), ("482913", b"other"), ("482914", b"other")])
def test_other_digits_or_another_authority_make_other_proofs(digits: str, authority: bytes) -> None:
    peer, hub = keys("482913", digits, b"ca", authority)
    assert not is_proof(hub.hub_proof(b"ca"), peer.hub_proof(b"ca"))
    assert not is_proof(hub.peer_proof(b"csr"), peer.peer_proof(b"csr"))


def test_no_two_exchanges_have_the_same_key() -> None:
    proofs = {keys("482913", "482913")[0].hub_proof(b"ca") for _ in range(3)}
    assert len(proofs) == 3


@pytest.mark.parametrize("side", [b"B", b"S", b"\0"])
def test_a_share_of_the_wrong_side_is_refused(side: bytes) -> None:
    share = side + Exchange.of_peer("482913", b"ca").share[1:]
    with pytest.raises(PairingFailed, match="no half"):
        Exchange.of_hub("482913", b"ca").finish(share)


@pytest.mark.parametrize("height", [0, 1, FIELD - 1, FIELD, FIELD + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_points_of_small_order_are_refused(height: int, sign: int) -> None:
    share = b"A" + (height | sign).to_bytes(32, "little")
    with pytest.raises(PairingFailed, match="no half"):
        Exchange.of_hub("482913", b"ca").finish(share)


def test_ones_own_share_is_refused() -> None:
    hub = Exchange.of_hub("482913", b"ca")
    with pytest.raises(PairingFailed, match="no half"):
        hub.finish(b"A" + hub.share[1:])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.binary(min_size=32, max_size=32).map(lambda point: b"A" + point))
def test_garbage_is_a_sentence_or_a_useless_key(share: bytes) -> None:
    try:
        key = Exchange.of_hub("482913", b"ca").finish(share)
    except PairingFailed as refused:
        code = refused.code
    else:
        code = "share"
        assert (is_share(share), len(share), len(key.hub_proof(b""))) == (True, SHARE_BYTES, 32)
    assert code == "share"
