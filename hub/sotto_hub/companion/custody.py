"""What the keeper asks of a hub's custody: whom it has spoken with, and all of it, sealed."""

from collections.abc import AsyncIterator

from sotto_hub.auditor import Auditor
from sotto_hub.backup.making import Backups
from sotto_hub.companion import translate
from sotto_proto.v1 import companion_pb2 as pb


class Custody:
    """Messages of `Audit` and `Backup`."""

    def __init__(self, auditor: Auditor, backups: Backups) -> None:
        self._auditor = auditor
        self._backups = backups

    def audit(self) -> pb.AuditReply:
        """Everyone, since counting began."""
        contacts = [translate.contact(one) for one in self._auditor.contacts()]
        return pb.AuditReply(since_ns=self._auditor.since_ns, contacts=contacts)

    async def backup(self, passphrase: str) -> AsyncIterator[pb.BackupChunk]:
        """The whole home, a chunk a message. Raises `UsageError` or `HomeError`: see `Backups.pieces`."""
        async for piece in self._backups.pieces(passphrase):
            yield pb.BackupChunk(data=piece)
