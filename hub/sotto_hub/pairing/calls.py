"""The calls that are under way, by peer: so that whoever is removed is gone at once, in mid-sentence."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sotto_hub.errors import NotPaired
from sotto_hub.store.peers import Peers

REMOVED: Final = "this peer has been removed from the hub: ask the hub's keeper for a pairing code"


class _Call:
    """One call, and whether it was this registry that cancelled it."""

    def __init__(self, task: "asyncio.Task[object]") -> None:
        self._task = task
        self._before = task.cancelling()
        self._ended = False

    def end(self) -> None:
        """Cancels it."""
        self._ended = True
        self._task.cancel()

    def was_ended(self) -> bool:
        """Whether the cancellation that has just come was this one, and no other. As `asyncio.timeout` tells."""
        return self._ended and self._task.uncancel() <= self._before


class Calls:
    """Every call that passed the gate and has not returned. As many as the peers have open: gRPC bounds them."""

    def __init__(self, peers: Peers) -> None:
        self._running: defaultdict[str, set[_Call]] = defaultdict(set)
        peers.when_removed(self.end)

    @contextmanager
    def under_way(self, peer_id: str) -> Iterator[None]:
        """Counts the running task as a call of this peer. Raises `NotPaired` (`unpaired`) when it is ended."""
        task = asyncio.current_task()
        assert task is not None
        call = _Call(task)
        self._running[peer_id].add(call)
        try:
            yield
        except asyncio.CancelledError:
            if call.was_ended():
                raise NotPaired("unpaired", REMOVED) from None
            raise
        finally:
            self._left(peer_id, call)

    def connected(self, peer_id: str) -> bool:
        """Whether a call of this peer is under way."""
        return peer_id in self._running

    def end(self, peer_id: str) -> None:
        """Ends every call of this peer."""
        for call in tuple(self._running.get(peer_id, ())):
            call.end()

    def _left(self, peer_id: str, call: _Call) -> None:
        self._running[peer_id].discard(call)
        if not self._running[peer_id]:
            del self._running[peer_id]
