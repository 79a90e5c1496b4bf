"""`manage.py load_demo`: the demo township, into an empty database only."""

import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from settle_gov.demo.accounts import accounts, demo_password
from settle_gov.demo.load import WEEKS, is_empty, load_township


class Command(BaseCommand):
    help = "Load the demo township: places, parties, duties, people and half a year of cases. Needs an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the same town be made again, a smaller one, or only its accounts be shown."""
        parser.add_argument("--seed", type=int, default=1, help="the same seed at the same moment gives the same town")
        parser.add_argument("--weeks", type=int, default=WEEKS, help=f"how many weeks of cases (default: {WEEKS})")
        parser.add_argument("--print-accounts", action="store_true", help="load nothing; show who can sign in")

    def handle(self, *, seed: int, weeks: int, print_accounts: bool, **_options: Any) -> None:
        """Load, or show the accounts."""
        if print_accounts:
            self._print_accounts()
        else:
            self._load(seed, weeks)

    def _load(self, seed: int, weeks: int) -> None:
        if not is_empty():
            raise CommandError(
                _("There are places or cases in this database already; the demo is loaded into an empty one only.")
            )
        if weeks < 1:
            raise CommandError(_("Give at least one week."))
        password = demo_password()
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError("DEMO_PASSWORD: " + " ".join(error.messages)) from error
        call_command("seed", verbosity=0, stdout=self.stdout)
        clock = time.perf_counter()
        loaded = load_township(seed=seed, now=timezone.now(), password=password, weeks=weeks)
        self.stdout.write(
            _("Demo township loaded: %(cases)d cases, %(events)d events, in %(seconds).1f s.")
            % {"cases": loaded.cases, "events": loaded.events, "seconds": time.perf_counter() - clock}
        )

    def _print_accounts(self) -> None:
        for account in accounts():
            password = account.password or _("(password changed)")
            self.stdout.write(
                f"  {account.username:<12} {password:<16} {account.role} · {account.name} · {account.party}"
            )
