"""What can go wrong in the hub and its surfaces: each a sentence for the user, a stable code and an exit status.

HubError
├── UsageError       the user's words or files are off            exit 2
├── HomeError        the data folder cannot be used                exit 3
├── LinkDown         the other side cannot be reached              exit 4
├── NotPaired        no certificate, or not accepted               exit 5
├── ModelMissing     a recogniser or a model is not here           exit 6
├── PortInUse        the address to listen on is taken             exit 7
└── DecodeFailed     the recogniser broke on an utterance          exit 8
"""


class HubError(Exception):
    """A sentence for the user, a stable code for programs, an exit status for the shell."""

    exit_status = 1

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code
        self.sentence = sentence


class UsageError(HubError):
    """What the user gave cannot be used."""

    exit_status = 2


class HomeError(HubError):
    """The data folder cannot be read, written or opened."""

    exit_status = 3


class LinkDown(HubError):
    """The other side cannot be reached."""

    exit_status = 4


class NotPaired(HubError):
    """The peer has no certificate, or the hub does not accept it."""

    exit_status = 5


class ModelMissing(HubError):
    """A recogniser or model that was asked for is not on this machine."""

    exit_status = 6


class PortInUse(HubError):
    """The address to listen on is taken."""

    exit_status = 7


class DecodeFailed(HubError):
    """The recogniser broke on one utterance; its span is lost and the ledger says so."""

    exit_status = 8
