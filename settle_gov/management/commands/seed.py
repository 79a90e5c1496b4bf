"""Fill in what a fresh installation starts from."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cases.services.seed_reply_templates import seed_reply_templates
from cases.services.seed_rules import seed_rules
from cases.services.seed_work_calendar import seed_work_calendar
from stakeholders.services.seed_needs import seed_needs


class Command(BaseCommand):
    help = "Fill in need items, rules, reply templates and the work calendar where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed what is missing; a second run adds nothing."""
        added = {"items": seed_needs(), "rules": seed_rules(), "years": len(seed_work_calendar())}
        seed_reply_templates()
        if options["verbosity"]:
            self.stdout.write(
                _("Added: %(items)d need items, %(rules)d rules, %(years)d years of the work calendar.") % added
            )
