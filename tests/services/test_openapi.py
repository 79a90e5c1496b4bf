"""Every operation of the API keeps to its own document, whatever is sent to it, on a running server."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.systems import ROOT, System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WHO = "coordinator"  # may do most
LEAST = 2_000  # requests
PREPARE = f"""
from tests.factories.stakeholders import TokenFactory
from stakeholders.models import Membership
TokenFactory(secret="{WHO}", membership=Membership.objects.get(user__username="{WHO}"))
"""


def test_every_operation_keeps_to_the_document(servers: System, tmp_path: Path) -> None:
    for command in (["migrate"], ["seed"], ["load_demo", "--weeks", "4"]):
        servers.finish(servers.command(*command))
    servers.manage(PREPARE)
    servers.env["RATE_MEMBER"] = "0"
    document = f"http://127.0.0.1:{servers.web()}/api/v1/schema/"

    how = [
        "--checks",
        "all",
        "--phases",
        "coverage,fuzzing",
        "--mode",
        "all",
        "--max-examples",
        "5",
        "--seed",
        "20261129",
    ]
    told = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(ROOT / "tests/services/schemathesis.toml")),
            *("run", document, "-H", f"Authorization: Bearer {WHO}", "--no-color", "--continue-on-failure", *how),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert "No issues found" in told, told
    (generated,) = re.findall(r"(\d+) generated", told)
    assert int(generated) >= LEAST
    servers.finish(servers.command("verify_history"))
