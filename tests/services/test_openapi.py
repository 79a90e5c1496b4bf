"""Every operation of the API keeps to its own document, whatever is sent to it, on a running server."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.services.systems import ROOT, System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WHO = "coordinator"  # may do most
LEAST = 2_000  # requests
COMMANDS = ("migrate", "seed", "load_demo --weeks 4", "collectstatic --no-input")
TOKEN = f"""
from tests.factories.stakeholders import TokenFactory
from stakeholders.models import Membership
TokenFactory(secret="{WHO}", membership=Membership.objects.get(user__username="{WHO}"))
"""
UNCOUNTED = {f"RATE_{name.upper()}": "0" for name in settings.RATES}
HOW = "--phases coverage,fuzzing --mode all --max-examples 3 --seed 1 --workers 2 --continue-on-failure"


def test_every_operation_keeps_to_the_document(servers: System, tmp_path: Path) -> None:
    for command in COMMANDS:
        servers.finish(servers.command(*command.split()))
    servers.manage(TOKEN)
    servers.env |= UNCOUNTED
    document = f"http://127.0.0.1:{servers.web()}/api/v1/schema/"

    program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file"]
    asked = ["run", document, "-H", f"Authorization: Bearer {WHO}", "--no-color", *HOW.split()]
    tried = subprocess.run(
        [*program, str(ROOT / "tests/services/schemathesis.toml"), *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode == 0, tried.stdout
    (generated,) = re.findall(r"(\d+) generated, \1 passed", tried.stdout)
    assert int(generated) >= LEAST
    servers.finish(servers.command("verify_history"))
