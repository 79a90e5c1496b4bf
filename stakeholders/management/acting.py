"""For whom a command acts: the membership that its arguments name."""

from django.core.management.base import CommandError

from stakeholders.models import Membership, User


def membership_named(username: str, party: str | None, role: str | None) -> Membership:
    """The one current membership that is meant; raises CommandError with what there is to choose from."""
    if not User.objects.filter(username=username).exists():
        raise CommandError(f"There is no user “{username}”.")
    current = Membership.objects.current().filter(user__username=username).select_related("user", "party", "area")
    choices = ", ".join(f"{each.party.code} ({each.role})" for each in current)
    if not choices:
        raise CommandError(f"“{username}” acts for no party now.")
    fitting = [each for each in current if party in (None, each.party.code) and role in (None, each.role)]
    if not fitting:
        raise CommandError(f"“{username}” does not act so, but for: {choices}.")
    if len(fitting) > 1:
        raise CommandError(f"“{username}” acts for several; name one with --party and --role: {choices}.")
    return fitting[0]
