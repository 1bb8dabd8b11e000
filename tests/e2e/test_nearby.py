"""Nobody types an address: hub, device and client as real processes in a network of their own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.nearby import FIRST, SECOND


def can_have_a_network_of_its_own() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_have_a_network_of_its_own(), reason="NOT RUN: needs `unshare -rn` and `ip`")
def test_a_hub_is_found_and_followed(tmp_path: Path) -> None:
    story = [sys.executable, "-m", "tests.e2e.nearby", str(tmp_path)]
    told = subprocess.run(
        ["unshare", "-rn", *story],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout)
    assert seen["paired"] == "paired with hub … as …"
    assert seen["joined"] == 0
    assert seen["first"] == f"{FIRST}:7443"
    assert seen["found"] == seen["second"] == f"{SECOND}:7543"
