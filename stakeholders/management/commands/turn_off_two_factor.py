"""Turn the second step of signing in off from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stakeholders.models import AccountEvent, User
from stakeholders.services.turn_off_two_factor import turn_off_two_factor


class Command(BaseCommand):
    help = "Turn the second step of signing in off for who has lost phone and recovery codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say so where there is nothing to turn off: the name may be that of somebody else."""
        account = User.objects.filter(username=options["username"]).first()
        if account is None:
            raise CommandError(f"There is no user “{options['username']}”.")
        if not turn_off_two_factor(account, how=AccountEvent.How.COMMAND):
            raise CommandError(f"“{options['username']}” signs in without a second step.")
