"""What can be wrong with what came over the link.

LinkError
└── MalformedFrame   a frame that breaks the schema's rules; carries a stable code and a sentence
"""


class LinkError(Exception):
    """Something about the link is wrong: a sentence for the user and a stable code."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code
        self.sentence = sentence


class MalformedFrame(LinkError):
    """A frame breaks a rule of `link.proto`; the stream that carried it is closed with this reason."""


class PairingFailed(LinkError):
    """The peer could not be paired. Codes: `address`, `code_form`, `unreachable`, `pin`, `refused`, `reply`."""


class Unpaired(LinkError):
    """The folder holds no credentials (code `unpaired`) or ones that cannot be used (code `credentials`)."""
