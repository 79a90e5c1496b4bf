"""Give a REST client a token from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from stakeholders.management.acting import membership_named
from stakeholders.roles import Role
from stakeholders.services.issue_token import issue_token


class Command(BaseCommand):
    help = "Issue a token with which a program acts as a user for a party, and print it alone on one line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say for whom."""
        parser.add_argument("username")
        parser.add_argument("--party", metavar="CODE", help="for which party, where the user acts for several")
        parser.add_argument("--role", choices=Role.values, help="in which role, where one party gave the user several")
        parser.add_argument("--name", default="API", help="what the token is called in lists (default: %(default)s)")
        parser.add_argument("--days", type=int, default=365, help="for how many days it holds (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the secret; it cannot be shown again."""
        membership = membership_named(options["username"], options["party"], options["role"])
        try:
            _token, secret = issue_token(membership, name=options["name"], days=options["days"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(secret)
