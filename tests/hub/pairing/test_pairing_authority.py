"""The hub's keys: made once, private, refused when damaged; and the certificates they sign."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.pairing.authority import Authority
from sotto_proto.pairing import PeerRole, authority_pin

Signer = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def request(key: Signer) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sotto-hub")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def test_the_same_home_is_the_same_hub(tmp_path: Path) -> None:
    first, second = Authority.open(tmp_path / "keys"), Authority.open(tmp_path / "keys")
    assert first.hub_id == second.hub_id == authority_pin(second.root)
    assert first.database_key == second.database_key
    assert first.sealing_public == second.sealing_public
    assert Authority.open(tmp_path / "other").hub_id != first.hub_id


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    Authority.open(tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


def plain(folder: Path) -> Authority:
    """Keys as the first version left them, and whose they are."""
    made = Authority.open(folder.with_name("made"))
    folder.mkdir()
    for name, content in made.parts.items():
        (folder / name).write_bytes(content)
    return made


def test_keys_of_an_older_hub_move_into_the_vault(tmp_path: Path) -> None:
    before = plain(tmp_path / "keys")
    after = Authority.open(tmp_path / "keys")
    assert (after.hub_id, after.database_key) == (before.hub_id, before.database_key)
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"vault", "master.key"}


@pytest.mark.parametrize("name", ["authority.key", "authority.pem", "database.key", "sealing.key"])
def test_damaged_keys_are_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    plain(tmp_path / "keys")
    (tmp_path / "keys" / name).write_bytes(b"nonsense")
    with pytest.raises(HomeError, match="damaged"):
        Authority.open(tmp_path / "keys")
    assert (tmp_path / "keys" / name).read_bytes() == b"nonsense"


def test_a_missing_key_is_not_made_again(tmp_path: Path) -> None:
    plain(tmp_path / "keys")
    (tmp_path / "keys" / "database.key").unlink()
    with pytest.raises(HomeError, match="cannot be read"):
        Authority.open(tmp_path / "keys")


def test_what_the_hub_shows_is_signed_anew_at_every_start(tmp_path: Path) -> None:
    first, second = Authority.open(tmp_path / "keys"), Authority.open(tmp_path / "keys")
    assert first._chain != second._chain


def test_the_hub_decides_who_a_peer_is(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path / "keys")
    issued = authority.issue(request(ec.generate_private_key(ec.SECP256R1())), "device-7", PeerRole.DEVICE)
    certificate = x509.load_pem_x509_certificate(issued.certificate)
    certificate.verify_directly_issued_by(authority.root)
    names = {a.oid: a.value for a in certificate.subject}
    assert names == {NameOID.COMMON_NAME: "device-7", NameOID.ORGANIZATIONAL_UNIT_NAME: "device"}
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_certificates_hold_on_a_device_without_a_clock(tmp_path: Path) -> None:
    _, issued = Authority.open(tmp_path / "keys").issue_with_key("device-1", PeerRole.DEVICE)
    certificate = x509.load_pem_x509_certificate(issued.certificate)
    assert certificate.not_valid_before_utc == datetime(2020, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc == datetime(2040, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"nonsense",
        request(ec.generate_private_key(ec.SECP384R1())),
        request(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["empty", "nonsense", "other curve", "rsa"],
)
def test_other_requests_are_refused(tmp_path: Path, broken: bytes) -> None:
    with pytest.raises(UsageError, match="certificate request"):
        Authority.open(tmp_path / "keys").issue(broken, "device-1", PeerRole.DEVICE)


def test_a_request_that_somebody_changed_is_refused(tmp_path: Path) -> None:
    made = bytearray(request(ec.generate_private_key(ec.SECP256R1())))
    made[-1] ^= 1
    with pytest.raises(UsageError, match="certificate request"):
        Authority.open(tmp_path / "keys").issue(bytes(made), "device-1", PeerRole.DEVICE)
