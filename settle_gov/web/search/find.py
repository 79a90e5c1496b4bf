"""What somebody means by some words: cases, places, parties and people, each by the one rule of who sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from settle_gov.web.search.hit import Asked, Hit
from stakeholders.models import Building, Estate, Membership, Party, Resident
from stakeholders.models.people import MembershipQuerySet
from stakeholders.policies import can_find_residents, can_see_duties
from stakeholders.roles import Role
from stakeholders.search import searchable

MOST = 8  # of a kind, beside the others
MOST_OF_ONE = 100  # of one kind alone


@dataclass(frozen=True)
class Kind:
    """One kind of what is found; `list_name` is the page that has all of it, where there is one."""

    key: str
    label: Promise
    all_of_it: Promise
    hits: Callable[[Asked, int], Iterator[Hit]]
    list_name: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of a kind; `more` is the address of the rest."""

    kind: Kind
    hits: list[Hit]
    has_more: bool
    more: str


def find(said: str, *, by: Membership, only: str = "") -> list[Group]:
    """Look in every kind, or `only` in one and further down; kinds in which nothing is found are left out."""
    if not searchable(said):
        return []
    asked, most = Asked(said, by), MOST_OF_ONE if only else MOST
    groups = [_group(kind, asked, most, is_alone=bool(only)) for kind in KINDS if only in ("", kind.key)]
    return [group for group in groups if group.hits]


def _group(kind: Kind, asked: Asked, most: int, *, is_alone: bool) -> Group:
    hits = list(islice(kind.hits(asked, most + 1), most + 1))
    query = {"q": asked.said} if kind.list_name else {"q": asked.said, "kind": kind.key}
    more = "" if is_alone and not kind.list_name else f"{reverse(kind.list_name or 'search')}?{urlencode(query)}"
    return Group(kind, hits[:most], len(hits) > most, more)


def _cases(asked: Asked, most: int) -> Iterator[Hit]:
    seen = Case.objects.visible_to(asked.by).meant_by(asked.said, asked.by)
    return map(asked.case, seen.for_list()[:most])


def _places(asked: Asked, most: int) -> Iterator[Hit]:
    """Estates before buildings, which are not asked for where there are estates enough."""
    estates = Estate.objects.visible_to(asked.by).matching(asked.said).select_related("area")
    yield from map(asked.estate, estates[:most])
    buildings = Building.objects.visible_to(asked.by).matching(asked.said).select_related("estate__area")
    yield from map(asked.building, buildings[:most])


def _parties(asked: Asked, most: int) -> Iterator[Hit]:
    if not can_see_duties(asked.by):
        return iter(())
    seen = Party.objects.visible_to(asked.by).matching(asked.said).select_related("area")
    return map(asked.party, seen[:most])


def _people(asked: Asked, most: int) -> Iterator[Hit]:
    """Members, of whom a program is none, before residents."""
    if can_see_duties(asked.by):  # a member is shown with the page of the party
        yield from map(asked.member, _members(asked)[:most])
    if can_find_residents(asked.by):
        residents = Resident.objects.visible_to(asked.by).meant_by(asked.said)
        yield from map(asked.resident, residents.select_related("household__building__estate").order_by("id")[:most])


def _members(asked: Asked) -> MembershipQuerySet:
    seen = Membership.objects.current().visible_to(asked.by).exclude(role=Role.API_CLIENT).matching(asked.said)
    return seen.select_related("user", "party").order_by("user__name", "id")


KINDS = (
    Kind("places", _("Places"), _("All of these places"), _places),
    Kind("cases", _("Cases"), _("All of these cases"), _cases, "cases:list"),
    Kind("parties", _("Parties"), _("All of these parties"), _parties, "parties:list"),
    Kind("people", _("People"), _("All of these people"), _people),
)
