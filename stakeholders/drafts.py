"""Records that nobody has saved, as the ledger would read them."""

from collections.abc import Iterable, Sequence

from stakeholders.coverage import Claim, Decision, Duty, Scope
from stakeholders.ledger import SCOPE, period_of, scope_of
from stakeholders.models import Mandate, Ruling
from stakeholders.models.mandate import LedgerRecord
from stakeholders.what_if import Draft


def draft_of(mandates: Iterable[Mandate], rulings: Sequence[Ruling] = (), without: Iterable[Mandate] = ()) -> Draft:
    """Put a draft together. Of rulings on one scope the last in the list goes first, as if it were decided last."""
    return Draft(
        claims=[
            (
                Claim(-1, each.party_id, Duty(each.role), scope_in(each)),
                period_of(each.valid_from, each.valid_until, each.party.closed_at),
            )
            for each in mandates
        ],
        decisions=[
            (
                Decision(number - len(rulings), each.lead_id, scope_in(each), each.decided_at),
                period_of(each.valid_from, each.valid_until, each.lead.closed_at),
            )
            for number, each in enumerate(rulings)
        ],
        without=frozenset(each.pk for each in without),
    )


def scope_in(record: LedgerRecord) -> Scope:
    """For what and where a record holds."""
    place_and_item = (getattr(record, name) for name in SCOPE if name != "id")
    return scope_of(*place_and_item)
