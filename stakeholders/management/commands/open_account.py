"""Open an account from the command line that was shut after too many tries."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stakeholders.models import AccountEvent, User
from stakeholders.services.open_account import open_account


class Command(BaseCommand):
    help = "Open an account that was shut after too many tries to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """One that is not shut is no mistake: its tries are forgotten all the same."""
        account = User.objects.filter(username=options["username"]).first()
        if account is None:
            raise CommandError(f"There is no user “{options['username']}”.")
        open_account(account, how=AccountEvent.How.COMMAND)
