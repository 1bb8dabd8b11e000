"""What the doctor finds, and what it takes for broken."""

from pathlib import Path

import pytest

from sotto_hub.errors import HubError, LinkDown, NotPaired
from sotto_hub.surfaces.checkup import (
    Finding,
    Health,
    check_home,
    check_microphone,
    check_recognisers,
    check_software,
    hub_finding,
    no_hub_finding,
    rung_findings,
)
from sotto_hub.surfaces.cli.doctor import finding_lines
from sotto_proto.v1 import companion_pb2 as pb


def test_a_home_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    finding = check_home(tmp_path / "none")
    assert (finding.health, finding.climb) == (Health.NOTE, "sotto-hub run")


def test_a_home_must_be_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    assert check_home(home).health is Health.OK
    home.chmod(0o755)
    assert check_home(home).health is Health.BROKEN
    assert check_home(home).climb == f"chmod 700 {home}"


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    assert check_home(tmp_path / "home").health is Health.BROKEN


def test_the_recogniser_of_this_machine(tmp_path: Path) -> None:
    always = check_recognisers((), tmp_path, "sotto models pull base")
    assert "pocketsphinx" in always.says
    assert always.climb == "sotto models pull base"
    better = check_recognisers(("base", "small"), tmp_path, "")
    assert "faster-whisper: base, small" in better.says
    assert not better.climb


def test_the_machine_is_named() -> None:
    assert check_software().says.startswith("sotto 0.")
    assert check_microphone().health is not Health.BROKEN


@pytest.mark.parametrize(
    ("error", "health"),
    [
        (LinkDown("hub_away", "away"), Health.NOTE),
        (NotPaired("unpaired", "none"), Health.NOTE),
        (NotPaired("refused", "no"), Health.BROKEN),
        (HubError("hub", "failed"), Health.BROKEN),
    ],
)
def test_away_is_no_fault_refused_is(error: HubError, health: Health) -> None:
    assert no_hub_finding(error).health is health


def test_a_hub_without_devices_says_how_to_get_one() -> None:
    assert hub_finding("h:1", pb.StatusReply()).climb == "sotto pair"
    status = pb.StatusReply(devices=[pb.DeviceStatus(connected=True), pb.DeviceStatus()])
    assert "1 of 2 devices connected" in hub_finding("h:1", status).says


def test_help_stands_below_what_it_helps() -> None:
    rung = pb.Rung(ability="hear", rung="pocketsphinx", better="faster-whisper", climb="sotto models pull base")
    lines = finding_lines(rung_findings([rung]))
    assert lines[0] == "ok      hear        pocketsphinx; better: faster-whisper"
    assert lines[1].strip() == "-> sotto models pull base"
    assert len(finding_lines([Finding(about="a", health=Health.OK, says="b")])) == 1
