"""One keyring per test, put back to none afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as Absent

from tests.hub.keys.scripted_keyring import Kept

UseKeyring = Callable[[type[KeyringBackend]], KeyringBackend]


def choose(kind: type[KeyringBackend]) -> KeyringBackend:
    backend = kind()
    keyring.set_keyring(backend)
    return backend


@pytest.fixture
def use_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UseKeyring]:
    """Chooses the keyring of this process."""
    monkeypatch.setenv("SCRIPTED_KEYRING", str(tmp_path / "ring.json"))
    choose(Absent)
    yield choose
    choose(Absent)


@pytest.fixture
def ring(use_keyring: UseKeyring) -> Kept:
    """A keyring that works."""
    kept = use_keyring(Kept)
    assert isinstance(kept, Kept)
    return kept
