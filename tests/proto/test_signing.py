"""A peer believes no certificate that is not about its own key, from its own hub."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from sotto_proto.errors import PairingFailed
from sotto_proto.signing import NewKey, renewed
from sotto_proto.v1 import link_pb2 as pb
from tests.device.scripted_tls import ScriptedAuthority


class Answering:
    """A stub whose hub answers with what it was given."""

    def __init__(self, certificate: bytes) -> None:
        self.certificate = certificate
        self.asked: list[pb.RenewRequest] = []

    async def Renew(self, request: pb.RenewRequest, timeout: float) -> pb.RenewReply:
        self.asked.append(request)
        return pb.RenewReply(certificate=self.certificate)


def test_a_request_proves_its_key_and_hides_it() -> None:
    key = NewKey.made()
    request = x509.load_der_x509_csr(key.request("x" * 100))
    assert request.is_signature_valid
    assert b"BEGIN PRIVATE KEY" in key.pem
    assert "BEGIN" not in repr(key)
    loaded = serialization.load_pem_private_key(key.pem, None)
    assert loaded.public_key() == request.public_key()
    assert x509.load_der_x509_csr(key.request("")).subject.rfc4514_string() == "CN=peer"


@pytest.mark.parametrize("whose", ["nobody's", "another hub's", "another key's"])
async def test_an_answer_about_somebody_else_is_refused(whose: str) -> None:
    ours, theirs = ScriptedAuthority.made(), ScriptedAuthority.made()
    mine = ours.device("127.0.0.1:1")
    answers = {
        "nobody's": b"rubbish",
        "another hub's": theirs.device("127.0.0.1:1").certificate,
        "another key's": ours.device("127.0.0.1:1").certificate,
    }
    hub = Answering(answers[whose])
    with pytest.raises(PairingFailed) as caught:
        await renewed(mine, hub)
    assert caught.value.code == "reply"
    assert len(hub.asked) == 1
