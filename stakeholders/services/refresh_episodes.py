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
    written = sum(map(_reckon_new, episodes.chunks([Reach(stale.new_estates(), stale.all_items())])))
    written += sum(map(episodes.bring_up, episodes.chunks(stale.reaches(but_for=stale.estates))))
    stale.forget()
    return written


def refresh_after_commit(records: Sequence[LedgerRecord]) -> None:
    """Note that these records have come, changed or gone, and refresh what they touch once that is committed."""
    names = [name for name in SCOPE if name != "id"]
    StaleScope.objects.bulk_create(StaleScope(**{name: getattr(each, name) for name in names}) for each in records)
    transaction.on_commit(_refresh_if_small, robust=True)


def stale_estates() -> set[int]:
    """The estates of which some episodes are to be reckoned anew."""
    return {estate.pk for reach in _Stale.read().reaches() for estate in reach.estates}


def _refresh_if_small() -> None:
    if sum(len(reach.estates) * len(reach.items) for reach in _Stale.read().reaches()) <= AT_ONCE:
        refresh_episodes()


@transaction.atomic
def _reckon_new(reach: Reach) -> int:
    """Write all episodes of some new estates, and that they are known: a city that is filled in loses no step."""
    written = episodes.bring_up(reach)
    Estate.objects.filter(pk__in=[estate.pk for estate in reach.estates]).update(is_reckoned=True)
    return written


class _Stale(NamedTuple):
    """What is to be reckoned anew: noted scopes by the row that says so, and places and items that are new."""

    noted: dict[int, Scope]
    estates: list[int]
    buildings: list[int]
    items: list[int]

    @classmethod
    def read(cls) -> "_Stale":
        """Read what is noted now; what others note from here on waits for the next run."""
        noted = {pk: scope_of(*scope) for pk, *scope in StaleScope.objects.values_list(*SCOPE)}
        return cls(
            noted,
            list(Estate.objects.filter(is_reckoned=False).values_list("pk", flat=True)),
            list(Building.objects.filter(is_reckoned=False).values_list("pk", flat=True)),
            list(NeedItem.objects.filter(is_reckoned=False).values_list("pk", flat=True)),
        )

    @property
    def scopes(self) -> list[Scope]:
        """All that is stale."""
        return [
            *dict.fromkeys(self.noted.values()),
            *(Scope(estate=pk) for pk in self.estates),
            *(Scope(building=pk) for pk in self.buildings),
            *(Scope(area="", need_item=pk) for pk in self.items),
        ]

    def reaches(self, but_for: Sequence[int] = ()) -> list[Reach]:
        """The cells, but for those of some estates."""
        return reach_of(self.scopes, Estate.objects.exclude(pk__in=but_for)) if self.scopes else []

    def new_estates(self) -> list[Estate]:
        """The estates of which nothing is known."""
        return list(Estate.objects.filter(pk__in=self.estates).order_by("area", "code")) if self.estates else []

    def all_items(self) -> list[NeedItem]:
        """All items, if any estate is new."""
        return list(NeedItem.objects.all()) if self.estates else []

    def forget(self) -> None:
        """All this is reckoned; of new estates that is noted already, chunk by chunk."""
        StaleScope.objects.filter(pk__in=self.noted).delete()
        Building.objects.filter(pk__in=self.buildings).update(is_reckoned=True)
        NeedItem.objects.filter(pk__in=self.items).update(is_reckoned=True)
