"""A fuzz target for all that bytes from a device pass before they are heard. Run by hand, never by `make test`.

atheris is no dependency of Sotto. In an environment of its own, from the project's folder:

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris
    PYTHONPATH=.:proto:memory:hub:.venv/lib/python3.11/site-packages \\
        /tmp/fuzz/bin/python -m tests.fuzz.frames -max_total_time=300 CORPUS_FOLDER

It begins with honest messages of every kind. A finding is any exception that is not one of the link's own, a frame
that does not survive the way to the wire and back, or a ledger that does not balance. Only the standard library and
the link are instrumented.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped]  # installed by hand, see above
from google.protobuf.message import DecodeError

with atheris.instrument_imports(include=["sotto_proto", "sotto_hub.ingest.numbering", "sotto_hub.ingest.rooms"]):
    from sotto_hub.errors import UsageError
    from sotto_hub.ingest.numbering import Arrival, Numbering
    from sotto_hub.ingest.rooms import require_fit
    from sotto_proto.codec import decode_frame, decode_hello, encode_frame, encode_hello
    from sotto_proto.errors import MalformedFrame
    from sotto_proto.records import Frame, Hello, StreamInfo
    from sotto_proto.sealing import Opener
    from sotto_proto.v1 import link_pb2 as pb
    from tests.hub.ingest.bent_messages import HELLO, HONEST, HUB_KEY

NOW_NS = 1_784_620_800_000_000_000
LONGEST = 4096


class Stream:
    """What a hub knows of one connection before it hears anything."""

    def __init__(self) -> None:
        self.opener = Opener(HUB_KEY)
        self.numberings: dict[str, Numbering] = {}
        self.infos: dict[str, StreamInfo] = {}
        self.offset_ns = 0

    def take(self, message: pb.DeviceMessage) -> None:
        """As the servicer and the session do it."""
        if message.HasField("hello"):
            hello: Hello = decode_hello(message.hello)
            assert decode_hello(encode_hello(hello)) == hello
            self.infos = {info.stream: info for info in hello.streams}
            self.offset_ns = hello.clock_offset_ns
            return
        sealed = decode_frame(message.frame)
        assert decode_frame(encode_frame(sealed)) == sealed
        frame = self.opener.open(sealed)
        if info := self.infos.get(frame.stream):
            require_fit(frame, info, self.offset_ns, NOW_NS)
        self.count(frame)

    def count(self, frame: Frame) -> None:
        """A frame is next, repeated or refused; what is captured is always what was sent."""
        numbering = self.numberings.setdefault(frame.stream, Numbering(stream=frame.stream))
        if numbering.arrive(frame) is Arrival.NEXT:
            assert numbering.received == frame.sequence
        assert numbering.captured_ns == numbering.waiting_ns
        assert numbering.waiting_frames <= numbering.received


def one_input(data: bytes) -> None:
    """Cuts the input into messages, two bytes of length before each, and gives them to one stream."""
    stream, at = Stream(), 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2]) % LONGEST
        at += 2
        try:
            stream.take(pb.DeviceMessage.FromString(data[at : at + size]))
        except (DecodeError, MalformedFrame):
            pass
        except UsageError as error:
            if error.code != "sequence_hole":
                raise
        at += size


def seed(folder: Path) -> None:
    """Writes the honest messages as a first corpus, once."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [len(piece).to_bytes(2) + piece for piece in (HELLO, *HONEST)]
    for number, line in enumerate([*lines, b"".join(lines)]):
        (folder / f"honest-{number}").write_bytes(line)


if __name__ == "__main__":
    for word in sys.argv[1:]:
        if not word.startswith("-"):
            seed(Path(word))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
