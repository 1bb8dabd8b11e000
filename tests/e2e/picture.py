"""Makes the picture for the README: the real app on the real demo, when the day is done and a question was answered.

`python -m tests.e2e.picture docs/img/tui.svg [WIDTHxHEIGHT]`
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from sotto_hub.client import Companion
from sotto_hub.surfaces.demo import DemoOptions, run_demo
from sotto_hub.surfaces.tui.app import SottoApp
from tests.surfaces.tui.waiting import sheet_text, until

QUESTION = "when does tom's sister come for dinner?"


class Photographer:
    """A screen for the demo that leaves a picture behind."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self.svg = ""

    async def __call__(self, hub: Companion, finished: Callable[[], Awaitable[str]], span: tuple[int, int]) -> None:
        day = asyncio.ensure_future(finished())
        app = SottoApp(hub, finished=day, span_ns=span)
        async with app.run_test(size=self._size) as pilot:
            await asyncio.wait([day])
            await until(pilot, lambda: bool(app.shown.devices))
            await pilot.press("slash", *QUESTION, "enter")
            await until(pilot, lambda: "March" in sheet_text(app, "#answer"))
            self.svg = without_addresses(app.export_screenshot(title="sotto demo"))


def without_addresses(svg: str) -> str:
    """The picture without the fonts that it would fetch from elsewhere: any monospace font of the reader will do."""
    local = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    return local.replace("Fira Code,", "Fira Code, Menlo, Consolas, DejaVu Sans Mono,")


def main() -> None:
    target = Path(sys.argv[1])
    width, height = (sys.argv[2] if len(sys.argv) > 2 else "120x36").split("x")
    photographer = Photographer((int(width), int(height)))
    with tempfile.TemporaryDirectory(prefix="sotto-picture-") as home:
        asyncio.run(run_demo(Path(home), DemoOptions(pace="fast", screen=photographer), print))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(photographer.svg)
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
