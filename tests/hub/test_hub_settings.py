"""Settings: arguments over environment over file over defaults; what is off gets a sentence."""

from pathlib import Path

import pytest

from sotto_hub.errors import HubError
from sotto_hub.settings import default_home, read_settings, split_listen


def test_the_nearest_word_counts(tmp_path: Path) -> None:
    (tmp_path / "sotto.toml").write_text('listen = "0.0.0.0:1"\nengine = "a"\nmodel = "m"\n')
    environment = {"SOTTO_HOME": str(tmp_path), "SOTTO_ENGINE": "b", "SOTTO_LISTEN": "0.0.0.0:2"}
    settings = read_settings({"listen": "[::1]:3", "engine": None}, environment)
    assert (settings.home, settings.host, settings.port) == (tmp_path, "[::1]", 3)
    assert (settings.engine, settings.model, settings.language, settings.timezone) == ("b", "m", "en", "UTC")


def test_defaults(tmp_path: Path) -> None:
    settings = read_settings({"home": str(tmp_path)}, {})
    assert (settings.host, settings.port, settings.engine) == ("127.0.0.1", 7443, "auto")
    assert default_home({}).name == "sotto"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("engine =", "not TOML"),
        ('motor = "x"', "'motor' is no setting"),
        ("engine = 3", "'engine' is no setting with a text value"),
        ('timezone = "Mars/Olympus"', "no timezone"),
        ('listen = "nowhere"', "no address to listen on"),
    ],
)
def test_what_is_off_in_the_file_is_said(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "sotto.toml").write_text(content)
    with pytest.raises(HubError, match=sentence) as caught:
        read_settings({"home": str(tmp_path)}, {})
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("listen", ["", "7443", "host:", ":1", "host:65535", "host:x"])
def test_odd_addresses(listen: str) -> None:
    with pytest.raises(HubError, match="no address"):
        split_listen(listen)
