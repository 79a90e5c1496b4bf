"""Give a REST client a token from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from stakeholders.models import Membership, User
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
        membership = _membership(options["username"], options["party"], options["role"])
        try:
            _token, secret = issue_token(membership, name=options["name"], days=options["days"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(secret)


def _membership(username: str, party: str | None, role: str | None) -> Membership:
    """The one current membership that is meant; raises CommandError with what there is to choose from."""
    if not User.objects.filter(username=username).exists():
        raise CommandError(f"There is no user “{username}”.")
    current = Membership.objects.current().filter(user__username=username).select_related("user", "party")
    choices = ", ".join(f"{each.party.code} ({each.role})" for each in current)
    if not choices:
        raise CommandError(f"“{username}” acts for no party now.")
    fitting = [each for each in current if party in (None, each.party.code) and role in (None, each.role)]
    if not fitting:
        raise CommandError(f"“{username}” does not act so, but for: {choices}.")
    if len(fitting) > 1:
        raise CommandError(f"“{username}” acts for several; name one with --party and --role: {choices}.")
    return fitting[0]
