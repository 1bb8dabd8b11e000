"""`sotto doctor`: what works here, how well, and the command that climbs. Works with the hub down."""

import argparse
import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError
from sotto_hub.surfaces.cli.models import models_folder
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.place import hub_home

if TYPE_CHECKING:
    from sotto_hub.surfaces.checkup import Finding


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    parser = add_command(commands, "doctor", run, "Says what works here, how well, and which command does better.")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Examines; status 1 when something is broken (a hub that is away is not)."""
    from sotto_hub.surfaces.checkup import Health

    findings = [*_machine(args.home), *asyncio.run(_hub(args.home))]
    if args.json:
        rows = [(f.about, f.health.value, f.says, f.climb) for f in findings]
        say_json(dict(zip(("about", "health", "says", "climb"), row, strict=True)) for row in rows)
    else:
        say(*finding_lines(findings))
    return int(any(finding.health is Health.BROKEN for finding in findings))


def finding_lines(findings: "Iterable[Finding]") -> list[str]:
    """Findings as they are read (pure): what helps stands below what it helps."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.health.value:<7} {finding.about:<11} {finding.says}")
        lines += [f"{'':<20}-> {finding.climb}"] if finding.climb else []
    return lines


def _machine(home: Path | None) -> "list[Finding]":
    from sotto_hub.models import best_for, installed, pull_command
    from sotto_hub.surfaces import checkup

    folder = models_folder(home)
    hearing = checkup.check_recognisers(installed(folder), folder, pull_command(best_for(os.cpu_count() or 1)))
    return [checkup.check_software(), checkup.check_home(hub_home(home)), hearing, checkup.check_microphone()]


async def _hub(home: Path | None) -> "list[Finding]":
    from sotto_hub.client import Companion
    from sotto_hub.surfaces.checkup import hub_finding, no_hub_finding, rung_findings
    from sotto_hub.surfaces.credentials import find_credentials

    try:
        async with Companion.connect(find_credentials(home)) as hub:
            status = await hub.status()
            return [hub_finding(hub.address, status), *rung_findings(status.rungs)]
    except HubError as error:
        return [no_hub_finding(error)]
