"""What goes down to a device, and the small box it waits in."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sotto_proto.codec import encode_mute
from sotto_proto.records import Mark, MuteState, OffTheRecord
from sotto_proto.v1 import link_pb2 as pb

WORDS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Where to go on: stream to the mark up to which everything is committed. `renew`: its certificate is old."""

    hub_id: str
    marks: Mapping[str, Mark]
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """Everything of a stream up to this mark is committed."""

    stream: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A suggestion for the wearer's ear."""

    suggestion_id: str
    text: str


Word = MuteState | OffTheRecord | Whisper
Down = Welcome | Ack | Word


class Outbox:
    """Bounded: acknowledgements replace older ones of their stream; of commands and whispers the newest stay."""

    def __init__(self) -> None:
        self._acks: dict[str, Ack] = {}
        self._words: deque[Word] = deque(maxlen=WORDS)
        self._ready = asyncio.Event()
        self._closed = False

    def ack(self, stream: str, mark: Mark) -> None:
        """Queues an acknowledgement."""
        self._acks[stream] = Ack(stream=stream, mark=mark)
        self._ready.set()

    def say(self, word: Word) -> None:
        """Queues a command or a whisper; a newer mute state replaces an older one of the same sensors."""
        if isinstance(word, MuteState):
            self._words = deque((w for w in self._words if not _same_sensors(w, word)), maxlen=WORDS)
        self._words.append(word)
        self._ready.set()

    def close(self) -> None:
        """No more is coming: `take` empties the box and then gives nothing."""
        self._closed = True
        self._ready.set()

    async def take(self) -> list[Down]:
        """All that waits, commands first; empty once closed and emptied."""
        await self._ready.wait()
        taken: list[Down] = [*self._words, *self._acks.values()]
        self._words.clear()
        self._acks.clear()
        if not self._closed:
            self._ready.clear()
        return taken


def encode(down: Down) -> pb.HubMessage:
    """The wire message (pure)."""
    match down:
        case Welcome(hub_id=hub_id, marks=marks, renew=renew):
            acks = [_ack(stream, mark) for stream, mark in sorted(marks.items())]
            return pb.HubMessage(welcome=pb.Welcome(hub_id=hub_id, marks=acks, renew=renew))
        case Ack(stream=stream, mark=mark):
            return pb.HubMessage(ack=_ack(stream, mark))
        case Whisper(suggestion_id=suggestion_id, text=text):
            return pb.HubMessage(whisper=pb.Whisper(suggestion_id=suggestion_id, text=text))
        case MuteState():
            return pb.HubMessage(command=pb.Command(mute=encode_mute(down)))
        case OffTheRecord(last_ns=last_ns):
            return pb.HubMessage(command=pb.Command(off_the_record=pb.OffTheRecord(last_ns=last_ns)))


def _ack(stream: str, mark: Mark) -> pb.Ack:
    return pb.Ack(stream=stream, sequence=mark.sequence, captured_ns=mark.captured_ns)


def _same_sensors(word: Word, state: MuteState) -> bool:
    return isinstance(word, MuteState) and set(word.streams) == set(state.streams)
