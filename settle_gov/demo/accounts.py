"""The accounts of the demo and the password that a visitor signs in with."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password

from settle_gov.demo.parties import PARTIES
from settle_gov.demo.people import ACCOUNTS
from settle_gov.local_secret import local_secret
from stakeholders.models import Membership

PARTY_CODES = [plan.code for plan in PARTIES]  # an "admin" of a real town is none of ours


@dataclass(frozen=True)
class Account:
    """How to sign in as whom; without a password where it is not that of the demo (any more)."""

    username: str
    role: str
    name: str
    party: str
    password: str | None


def demo_password() -> str:
    """Return DEMO_PASSWORD, or else the one drawn at the first load and kept in the data folder."""
    return settings.DEMO_PASSWORD or local_secret(settings.DATA_DIR / "demo_password", length=9)


def accounts() -> list[Account]:
    """Return the demo accounts that are still there, in the order of `ACCOUNTS`; none where no demo was loaded."""
    members = Membership.objects.current().filter(user__username__in=ACCOUNTS, party__code__in=PARTY_CODES)
    by_username = {member.user.username: member for member in members.select_related("user", "party")}
    found = [by_username[username] for username in ACCOUNTS if username in by_username]
    password = demo_password() if found else ""
    # The accounts of a fresh demo share one hash, so that a start spends the time of one check.
    fits = {hashed: check_password(password, hashed) for hashed in {member.user.password for member in found}}
    return [
        Account(
            username=member.user.username,
            role=member.get_role_display(),
            name=member.user.name,
            party=str(member.party),
            password=password if fits[member.user.password] else None,
        )
        for member in found
    ]
