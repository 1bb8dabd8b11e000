"""Keyrings for tests, chosen as a person chooses one: by PYTHON_KEYRING_BACKEND, or set in this process."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError


class Kept(KeyringBackend):
    """Keeps what it is given in the file that $SCRIPTED_KEYRING names."""

    priority = 5

    @property
    def _path(self) -> Path:
        return Path(os.environ["SCRIPTED_KEYRING"])

    def entries(self) -> dict[str, str]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps({**self.entries(), f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        left = self.entries()
        if left.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")
        self._path.write_text(json.dumps(left))


class Refusing(Kept):
    """Locked, and its owner said no."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("no")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("no")


class Forgetful(Kept):
    """Takes everything, keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass
