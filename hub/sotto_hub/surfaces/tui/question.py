"""Brings one question to the hub, again if the hub goes away meanwhile, and shows the answer as it grows."""

import asyncio
from collections.abc import Awaitable, Callable

from sotto_hub.errors import HubError, LinkDown
from sotto_hub.surfaces.tui import asking
from sotto_hub.surfaces.tui.asking import Asking
from sotto_hub.surfaces.tui.needs import CompanionClient


class Question:
    """One question. `client` waits until the hub is here; `show` is called with every change of the answer."""

    def __init__(
        self,
        words: str,
        client: Callable[[], Awaitable[CompanionClient]],
        show: Callable[[Asking], None],
        retry_s: float,
    ) -> None:
        self._words = words
        self._client = client
        self._show = show
        self._retry_s = retry_s
        self._asking = asking.asked(words)

    async def run(self, *, here: bool) -> None:
        """Asks until there is an answer or a refusal. `here`: whether the hub answers as far as anybody knows."""
        self._put(self._asking if here else asking.waiting(self._asking))
        while not await self._asked():
            self._put(asking.waiting(self._asking))
            await asyncio.sleep(self._retry_s)

    async def _asked(self) -> bool:
        """Whether the hub had its say; False when it went away before the end."""
        client = await self._client()
        try:
            async for reply in client.ask(self._words):
                self._put(asking.more(self._asking, reply))
            self._put(asking.ended(self._asking))
        except LinkDown:
            return False
        except HubError as error:
            self._put(asking.failed(self._asking, error.sentence))
        return True

    def _put(self, now: Asking) -> None:
        self._asking = now
        self._show(now)
