"""The body that the settings describe."""

from sotto_device.body.gpio import GpioLight, GpioSwitch
from sotto_device.body.parts import Body, NoLight
from sotto_device.settings import Settings


def fitted(settings: Settings) -> Body:
    """What `light_gpio` and `switch_gpio` name; nothing is claimed yet."""
    light = NoLight() if settings.light_gpio < 0 else GpioLight(settings.light_gpio, blink=settings.light_blink)
    return Body(light=light, switch=None if settings.switch_gpio < 0 else GpioSwitch(settings.switch_gpio))
