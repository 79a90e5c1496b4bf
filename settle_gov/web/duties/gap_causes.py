"""Why a gap is about to come: whose duty or ruling ends on that day, who begins beside another, who disclaims."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from settle_gov.web.duties.gap_rows import Row
from stakeholders.coverage import Cell, Scope
from stakeholders.ledger import SCOPE, period_of, scope_of
from stakeholders.models import Episode, Mandate, Ruling

ROLES = (Mandate.Role.LEAD, Mandate.Role.DISCLAIM)


def causes_of(rows: Sequence[Row]) -> dict[int, str]:
    """What begins or ends when a gap begins, in words, by the id of its first episode; two queries."""
    first = [row.episodes[0] for row in rows]
    moments, estates = {each.since for each in first}, list({row.estate for row in rows})
    changing = Q(valid_from__in=moments) | Q(valid_until__in=moments)
    mandates = Mandate.objects.known_on().filter(changing | Q(party__closed_at__in=moments), role__in=ROLES)
    rulings = Ruling.objects.known_on().filter(changing | Q(lead__closed_at__in=moments))
    records: list[Mandate | Ruling] = [
        *mandates.reaching(estates).select_related("party").order_by("party"),
        *rulings.reaching(estates).select_related("lead"),
    ]
    causes: dict[int, list[str]] = defaultdict(list)
    cells = [(each, _cell(each)) for each in first]
    for record in records:
        scope = _scope(record)
        for episode, cell in cells:
            if cell.is_in(scope) and (words := _words(record, episode)):
                causes[episode.pk].append(words)
    return {pk: " ".join(dict.fromkeys(words)) for pk, words in causes.items()}


def _words(record: Mandate | Ruling, episode: Episode) -> str:
    """What a record does just when an episode begins, if it is of a kind that can bring that about."""
    party = record.lead if isinstance(record, Ruling) else record.party
    begins, ends = period_of(record.valid_from, record.valid_until, party.closed_at)
    role = record.role if isinstance(record, Mandate) else ""
    words = ""
    if role == Mandate.Role.DISCLAIM:
        if begins == episode.since and episode.state != Episode.State.MULTI_HEAD:
            words = _("%(party)s disclaims it.")
    elif ends is not None and begins < ends == episode.since:
        if ends == party.closed_at:
            words = _("%(party)s is closed down.")
        else:
            words = _("The duty of %(party)s ends.") if role else _("The ruling for %(party)s ends.")
    elif role and begins == episode.since and party in episode.parties.all():
        words = _("A duty of %(party)s begins.")
    return words % {"party": party}


def _scope(record: Mandate | Ruling) -> Scope:
    _id, *names = SCOPE
    return scope_of(*(getattr(record, name) for name in names))


def _cell(episode: Episode) -> Cell:
    item = episode.need_item
    return Cell(episode.estate.area_id, episode.estate_id, episode.building_id, item.need_class_id, item.pk)
