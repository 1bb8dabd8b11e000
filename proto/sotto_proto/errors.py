"""What can be wrong with what came over the link.

LinkError
├── MalformedFrame   a frame that breaks the schema's rules; carries a stable code and a sentence
├── PairingFailed    a peer could not be paired, or its certificate not renewed
└── Unpaired         the folder holds no credentials, or none that can be used
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
    """The peer could not be paired.

    Codes: `address`, `code_form`, `name` (what was typed cannot be right), `no_hub`, `several_hubs` (nobody, or more
    than one, was found nearby), `unreachable`, `pin` (not the hub that showed the code), `wrong_code`, `refused`,
    `reply`, `share`.
    """


class Unpaired(LinkError):
    """The folder holds no credentials (code `unpaired`) or ones that cannot be used (code `credentials`)."""
