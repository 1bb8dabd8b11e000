"""Without colour nothing is lost: every state has a sign and a word of its own, and no colour is sent."""

import os
from collections.abc import Iterator

import pytest
from rich.color import ColorType
from textual.strip import Strip

from sotto_hub.surfaces.tui.app import SottoApp
from tests.surfaces.tui.demo_screen import demo_client, screen
from tests.surfaces.tui.waiting import until


@pytest.fixture
def no_colour() -> Iterator[None]:
    os.environ["NO_COLOR"] = "1"
    yield
    os.environ.pop("NO_COLOR", None)


def strips(app: SottoApp) -> list[Strip]:
    return app.screen._compositor.render_strips()


def colours(app: SottoApp) -> set[ColorType]:
    styles = [segment.style for strip in strips(app) for segment in strip if segment.style]
    found = [colour for style in styles for colour in (style.color, style.bgcolor) if colour]
    return {colour.type for colour in found}


@pytest.mark.usefixtures("no_colour")
async def test_no_colour_is_respected() -> None:
    async with screen(demo_client(), (120, 34)) as (app, pilot):
        await pilot.pause()
        assert colours(app) <= {ColorType.DEFAULT}
        text = "\n".join(strip.text for strip in strips(app))
        assert "● listening" in text
        assert "a accept" in text


async def test_with_colour_there_is_colour() -> None:
    async with screen(demo_client(), (120, 34)) as (app, pilot):
        await until(pilot, lambda: ColorType.TRUECOLOR in colours(app))
