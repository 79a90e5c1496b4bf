"""Fill in what a fresh installation starts from."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.services.seed_rules import seed_rules
from cases.services.seed_work_calendar import seed_work_calendar
from stakeholders.services.seed_needs import seed_needs


class Command(BaseCommand):
    help = "Fill in need items, deadline and escalation rules and the work calendar where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed what is missing; a second run adds nothing."""
        added = {"need items": seed_needs(), "rules": seed_rules(), "calendar years": len(seed_work_calendar())}
        if options["verbosity"]:
            self.stdout.write("seed: " + ", ".join(f"{count} {name}" for name, count in added.items()))
