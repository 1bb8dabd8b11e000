"""What can go wrong on the device: each a sentence for the user, a stable code and an exit status.

DeviceError
├── UsageError         the user's words or files are off              exit 2
├── HomeError          the device's folder cannot be used             exit 3
├── LinkDown           the hub cannot be reached for pairing          exit 4
├── NotPaired          no credentials, or the hub does not take them  exit 5
├── SourceError        what senses cannot be used                     exit 6
│   ├── MicrophoneError    no microphone, or no PortAudio
│   └── RecordingError     a recorded day is broken
├── LinkRefused        the hub refuses what this device sends         exit 7
└── BodyError          the switch or the light cannot be used         exit 8
"""


class DeviceError(Exception):
    """A sentence for the user, a stable code for programs, an exit status for the shell."""

    exit_status = 1

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code
        self.sentence = sentence


class UsageError(DeviceError):
    """What the user gave cannot be used."""

    exit_status = 2


class HomeError(DeviceError):
    """The device's folder cannot be read or written, or is in use."""

    exit_status = 3


class LinkDown(DeviceError):
    """The hub cannot be reached for pairing. While running, the device waits instead."""

    exit_status = 4


class NotPaired(DeviceError):
    """The device has no credentials, the code was wrong, or the hub no longer accepts it."""

    exit_status = 5


class SourceError(DeviceError):
    """What senses cannot be used."""

    exit_status = 6


class MicrophoneError(SourceError):
    """There is no microphone, or nothing to open it with."""


class RecordingError(SourceError):
    """A recorded day is incomplete or broken: which file, and what to do."""


class LinkRefused(DeviceError):
    """The hub refuses what this device sends; sending it again would not help."""

    exit_status = 7


class BodyError(DeviceError):
    """The switch or the light on the device's body cannot be used; without them nothing is sensed."""

    exit_status = 8
