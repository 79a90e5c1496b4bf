"""Bring the stored episodes up to the ledger, wherever that has changed."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from stakeholders import episodes
from stakeholders.coverage import Scope
from stakeholders.ledger import SCOPE, scope_of
from stakeholders.models import Building, Estate, NeedItem, StaleScope
from stakeholders.models.mandate import LedgerRecord
from stakeholders.reach import Reach, reach_of

AT_ONCE = 2_000  # estates × items: what the person who records a mandate may wait for; more is left to the next run


def refresh_episodes() -> int:
    """Reckon anew, in one batch, all that is noted as stale and every new place and item; return the rows written.

    May run twice, at once or never finish: what is noted stays noted until its episodes are written.
    """
    stale = _Stale.read()
    written = sum(map(episodes.bring_up, episodes.chunks(stale.reaches)))
    stale.forget()
    return written


def refresh_after_commit(records: Sequence[LedgerRecord]) -> None:
    """Note that these records have come, changed or gone, and refresh what they touch once that is committed."""
    names = [name for name in SCOPE if name != "id"]
    StaleScope.objects.bulk_create(StaleScope(**{name: getattr(each, name) for name in names}) for each in records)
    transaction.on_commit(_refresh_if_small, robust=True)


def _refresh_if_small() -> None:
    if sum(len(reach.estates) * len(reach.items) for reach in _Stale.read().reaches) <= AT_ONCE:
        refresh_episodes()


class _Stale(NamedTuple):
    """What is to be reckoned anew, and the rows that say so."""

    reaches: list[Reach]
    noted: list[int]
    estates: list[int]
    buildings: list[int]
    items: list[int]

    @classmethod
    def read(cls) -> "_Stale":
        """Read what is noted now; what others note from here on waits for the next run."""
        noted = {pk: scope_of(*scope) for pk, *scope in StaleScope.objects.values_list(*SCOPE)}
        estates, buildings, items = (
            list(model.objects.filter(is_reckoned=False).values_list("pk", flat=True))
            for model in (Estate, Building, NeedItem)
        )
        scopes = [
            *dict.fromkeys(noted.values()),
            *(Scope(estate=pk) for pk in estates),
            *(Scope(building=pk) for pk in buildings),
            *(Scope(area="", need_item=pk) for pk in items),
        ]
        return cls(reach_of(scopes) if scopes else [], [*noted], estates, buildings, items)

    def forget(self) -> None:
        """All this is reckoned."""
        StaleScope.objects.filter(pk__in=self.noted).delete()
        for model, pks in ((Estate, self.estates), (Building, self.buildings), (NeedItem, self.items)):
            if pks:
                model.objects.filter(pk__in=pks).update(is_reckoned=True)
