"""Close a party down: from then on it answers for nothing."""

from datetime import datetime

from django.db import transaction

from stakeholders.models import Mandate, Party, Ruling
from stakeholders.services.refresh_episodes import refresh_after_commit


@transaction.atomic
def close_party(party: Party, *, closed_at: datetime | None) -> Party:
    """Note when a party was or will be closed down, or with None that it is not; its duties end with it.

    The background jobs route the cases that it held to whoever answers then. Who may administer parties may do this;
    the caller asks.
    """
    party.closed_at = closed_at
    party.save(update_fields=["closed_at"])
    mandates, rulings = Mandate.objects.known_on().filter(party=party), Ruling.objects.known_on().filter(lead=party)
    refresh_after_commit([*mandates, *rulings])
    return party
