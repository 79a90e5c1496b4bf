"""Why a gap is about to come: whose duty or whose ruling ends on that day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from settle_gov.web.duties.gap_rows import Row
from stakeholders.coverage import Cell
from stakeholders.ledger import SCOPE, scope_of
from stakeholders.models import Episode, Mandate, Ruling


def causes_of(rows: Sequence[Row]) -> dict[int, str]:
    """What ends when a gap begins, in words, by the id of its first episode; two queries."""
    causes: dict[int, list[str]] = defaultdict(list)
    first = {row.episodes[0].pk: row.episodes[0] for row in rows}
    moments = {each.since for each in first.values()}
    estates = {row.estate for row in rows}
    ending = Q(valid_until__in=moments)
    mandates = Mandate.objects.known_on().filter(ending, role=Mandate.Role.LEAD).reaching(list(estates))
    for record in mandates.select_related("party").order_by("party"):
        for pk in _met(record, first.values()):
            causes[pk].append(_("The duty of %(party)s ends.") % {"party": record.party})
    for ruling in Ruling.objects.known_on().filter(ending).reaching(list(estates)).select_related("lead"):
        for pk in _met(ruling, first.values()):
            causes[pk].append(_("The ruling for %(party)s ends.") % {"party": ruling.lead})
    return {pk: " ".join(words) for pk, words in causes.items()}


def _met(record: Mandate | Ruling, episodes: Iterable[Episode]) -> list[int]:
    """The episodes that begin in the scope of a record just when it ends."""
    _id, *names = SCOPE
    scope = scope_of(*(getattr(record, name) for name in names))
    return [each.pk for each in episodes if each.since == record.valid_until and _cell(each).is_in(scope)]


def _cell(episode: Episode) -> Cell:
    item = episode.need_item
    return Cell(episode.estate.area_id, episode.estate_id, episode.building_id, item.need_class_id, item.pk)
