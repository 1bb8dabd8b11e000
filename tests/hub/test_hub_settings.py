"""Settings: arguments over environment over file over defaults; what is off gets a sentence."""

from pathlib import Path

import pytest

from sotto_hub.errors import HubError
from sotto_hub.settings import default_home, read_settings, split_listen


def test_the_nearest_word_counts(tmp_path: Path) -> None:
    (tmp_path / "sotto.toml").write_text('listen = "0.0.0.0:1"\nengine = "a"\nmodel = "m"\nkeys = "keyring"\n')
    environment = {"SOTTO_HOME": str(tmp_path), "SOTTO_ENGINE": "b", "SOTTO_LISTEN": "0.0.0.0:2"}
    settings = read_settings({"listen": "[::1]:3", "engine": None, "keys": "file"}, environment)
    assert (settings.home, settings.host, settings.port) == (tmp_path, "[::1]", 3)
    assert (settings.engine, settings.model, settings.language, settings.timezone) == ("b", "m", "en", "UTC")
    assert settings.keys == "file"


def test_defaults(tmp_path: Path) -> None:
    settings = read_settings({"home": str(tmp_path)}, {})
    assert (settings.host, settings.port, settings.engine, settings.keys) == ("127.0.0.1", 7443, "auto", "auto")
    assert (settings.allow, settings.discoverable) == ((), True)
    assert (settings.off_the_record_phrase, settings.off_the_record_minutes) == ("off the record", 5)
    assert default_home({}).name == "sotto"


def test_every_kind_of_value_comes_from_the_file_and_from_the_environment(tmp_path: Path) -> None:
    lines = ('allow = ["192.168.1.5:11434"]', "discoverable = false", "off_the_record_minutes = 10")
    (tmp_path / "sotto.toml").write_text("\n".join(lines))
    told = read_settings({"home": str(tmp_path)}, {})
    assert (told.allow, told.discoverable, told.off_the_record_minutes) == (("192.168.1.5:11434",), False, 10)
    environment = {
        "SOTTO_ALLOW": "10.0.0.2:80, [fd00::1]:81",
        "SOTTO_DISCOVERABLE": "yes",
        "SOTTO_OFF_THE_RECORD_MINUTES": "3",
        "SOTTO_OFF_THE_RECORD_PHRASE": " strike that ",
    }
    told = read_settings({"home": str(tmp_path)}, environment)
    assert (told.allow, told.discoverable, told.off_the_record_minutes) == (("10.0.0.2:80", "[fd00::1]:81"), True, 3)
    assert told.off_the_record_phrase == "strike that"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("engine =", "not TOML"),
        ('motor = "x"', "'motor' is no setting"),
        ("engine = 3", "'engine' is a text"),
        ('discoverable = "no"', "'discoverable' is true or false"),
        ("off_the_record_minutes = true", "'off_the_record_minutes' is a whole number"),
        ("off_the_record_minutes = 0", "between 1 and 10080"),
        ('allow = "10.0.0.1:80"', "'allow' is a list of texts"),
        ("allow = [80]", "'allow' is a list of texts"),
        ('allow = ["8.8.8.8:53"]', "not an address of a private network"),
        ('allow = ["ollama.example:80"]', "without names"),
        ('keys = "drawer"', "no place for the keys"),
        ('timezone = "Mars/Olympus"', "no timezone"),
        ('listen = "nowhere"', "no address to listen on"),
    ],
)
def test_what_is_off_in_the_file_is_said(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "sotto.toml").write_text(content)
    with pytest.raises(HubError, match=sentence) as caught:
        read_settings({"home": str(tmp_path)}, {})
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("name", "value"), [("SOTTO_DISCOVERABLE", "perhaps"), ("SOTTO_OFF_THE_RECORD_MINUTES", "five")]
)
def test_what_is_off_in_the_environment_is_said(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(HubError, match=name):
        read_settings({"home": str(tmp_path)}, {name: value})


@pytest.mark.parametrize("listen", ["", "7443", "host:", ":1", "host:65535", "host:x"])
def test_odd_addresses(listen: str) -> None:
    with pytest.raises(HubError, match="no address"):
        split_listen(listen)
