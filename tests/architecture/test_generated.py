"""The committed code of the link is what its schema says."""

import os
import sys
from pathlib import Path

import pytest

from tests.architecture.generate import ROOT, generate


def test_committed_code_equals_what_the_schema_generates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    generate(tmp_path)
    fresh = sorted((tmp_path / "sotto_proto/v1").iterdir())
    assert len(fresh) == 8
    for path in fresh:
        committed = ROOT / "proto/sotto_proto/v1" / path.name
        assert committed.read_text() == path.read_text(), f"{path.name} is stale: run make proto"
