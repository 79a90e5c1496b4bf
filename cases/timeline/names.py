"""What the codes in the details of events stand for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cases.models import CaseEvent, DisputeLevel, StatutoryRule
from stakeholders.models import Estate, NeedItem, Party
from stakeholders.models.named import Named

# Under which keys the details name parties: one each, and several
PARTY = ("lead", "previous", "party", "returned_by")
PARTIES = ("parties", "supports", "disclaimed_by")

T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Names:
    """Names by code, in the reader's language, looked up once for all events of a page.

    Levels of disputes are written by their Chinese name, and so it is their code.
    """

    parties: dict[str, str] = field(default_factory=dict)
    estates: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    timers: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)  # of the law, by the code of the time limit it sets

    @classmethod
    def in_events(cls, events: Iterable[CaseEvent]) -> "Names":
        """Look up the names for these events: a query for each kind of code that occurs."""
        details = [event.details for event in events]
        parties = _one(details, *PARTY) | {code for each in details for key in PARTIES for code in each.get(key, ())}
        moved = [timer for each in details for timer in each.get("timers", ())]
        rules = _found(StatutoryRule, "code", _one([*details, *moved], "timer"))
        return cls(
            parties=_names(_found(Party, "code", parties)),
            estates=_names(_found(Estate, "code", _one(details, "estate"))),
            items=_names(_found(NeedItem, "code", _one(details, "need_item"))),
            levels=_names(_found(DisputeLevel, "name", _one(details, "level", "from"))),
            timers=_names(rules),
            articles={code: rule.article for code, rule in rules.items()},
        )


def _one(details: Sequence[dict[str, Any]], *keys: str) -> set[str]:
    return {each[key] for each in details for key in keys if each.get(key)}


def _found(model: type[T], field: str, codes: set[str]) -> dict[str, T]:
    if not codes:
        return {}
    return {getattr(each, field): each for each in model._default_manager.filter(**{f"{field}__in": codes})}


def _names(found: dict[str, Any]) -> dict[str, str]:
    return {code: str(each) for code, each in found.items()}
