"""Cells that would stand otherwise, as they are shown: by estate and item, places that change alike in one line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from settle_gov.web.duties.marks import Mark, mark_of
from settle_gov.web.duties.words import sentence
from stakeholders.models import Building, Estate, NeedItem, Party
from stakeholders.what_if import Change, Effect, Standing

NAMED = 3  # buildings that a line names; of more it says how many


@dataclass(frozen=True)
class Side:
    """How cells stand before or after."""

    mark: Mark
    sentence: str


@dataclass(frozen=True)
class Line:
    """One item at the places of one estate that change in the same way."""

    item: NeedItem
    where: str
    effect: Effect
    before: Side
    after: Side

    @property
    def words(self) -> str:
        """What the change does."""
        return _words(self.effect)


@dataclass(frozen=True)
class Group:
    """The lines of one estate."""

    estate: Estate
    lines: list[Line]


def _words(effect: Effect) -> str:
    match effect:
        case Effect.CLOSED:
            return _("gap closed")
        case Effect.OPENED:
            return _("gap opened")
        case Effect.ALTERED:
            return _("another gap")
        case _:
            return _("another party")


def groups_of(changes: Sequence[Change], *, most: int) -> tuple[list[Group], int]:
    """The first lines and how many are left out, in the order of estates and items; four queries."""
    alike: dict[tuple[int, int, Effect, Standing, Standing], list[int]] = defaultdict(list)
    for each in changes:
        key = each.place.estate, each.item.need_item, each.effect, each.before, each.after
        alike[key].append(each.place.building)
    estates = Estate.objects.in_bulk({estate for estate, *_rest in alike})
    items = NeedItem.objects.select_related("need_class").in_bulk({item for _estate, item, *_rest in alike})
    shown = sorted(alike, key=lambda key: (estates[key[0]].area_id, estates[key[0]].code, _position(items[key[1]])))
    cut = shown[:most]
    words = _Words.of(cut, {building for key in cut for building in alike[key]})
    lines: dict[int, list[Line]] = defaultdict(list)
    for key in cut:
        estate, item, effect, before, after = key
        lines[estate].append(Line(items[item], words.where(alike[key]), effect, words.side(before), words.side(after)))
    return [Group(estates[pk], each) for pk, each in lines.items()], len(shown) - len(cut)


def _position(item: NeedItem) -> tuple[int, int]:
    return item.need_class.position, item.position


@dataclass(frozen=True)
class _Words:
    """The names that the lines need."""

    parties: dict[int, Party]
    buildings: dict[int, Building]

    @classmethod
    def of(cls, keys: Sequence[tuple[int, int, Effect, Standing, Standing]], buildings: set[int]) -> "_Words":
        parties = {pk for *_rest, before, after in keys for pk in (*before.parties, *after.parties)}
        return cls(Party.objects.in_bulk(parties), Building.objects.in_bulk(buildings - {0}))

    def where(self, buildings: Sequence[int]) -> str:
        """The common area, and the buildings by name or by number."""
        named = sorted(self.buildings[pk].name for pk in buildings if pk)
        common = [_("common area")] if 0 in buildings else []
        if len(named) > NAMED:
            words = ngettext("%(count)d building", "%(count)d buildings", len(named)) % {"count": len(named)}
            return _("Common area and %(buildings)s") % {"buildings": words} if common else words
        return _(", ").join([*common, *named])

    def side(self, standing: Standing) -> Side:
        """Mark and sentence."""
        mark = mark_of(standing.state, is_ruled=standing.is_ruled)
        return Side(mark, sentence(mark, [str(self.parties[pk]) for pk in standing.parties]))
