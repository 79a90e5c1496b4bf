"""Take the tokens of a REST client back from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stakeholders.models import Token
from stakeholders.services.revoke_token import revoke_token


class Command(BaseCommand):
    help = "Revoke all tokens of a user that bear a name, and print how many there were."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose, and which."""
        parser.add_argument("username")
        parser.add_argument("name", help="what the token is called, as given to issue_token")

    def handle(self, *args: Any, **options: Any) -> None:
        """A user who acts for nobody any more may have tokens, too: whoever leaves is whom this is for."""
        usable = Token.objects.usable(timezone.now()).select_related("membership")
        tokens = usable.filter(membership__user__username=options["username"], name=options["name"])
        if not tokens:
            raise CommandError(f"“{options['username']}” has no token “{options['name']}” in force.")
        revoked = [revoke_token(token, by=token.membership) for token in tokens]
        self.stdout.write(str(len(revoked)))
