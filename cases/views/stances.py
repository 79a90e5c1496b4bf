"""Side by side what each party says about whose a case is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from cases.models import Case, Custody, Stance
from stakeholders.models import Party


@dataclass(frozen=True)
class Said:
    """What a party says; one that was asked and has not answered has no stance."""

    party: Party
    stance: Stance | None
    asked_at: datetime | None
    has_it: bool  # whether it has the case now


def said_by_all(case: Case, stances: Sequence[Stance], custodies: Sequence[Custody]) -> list[Said]:
    """Those who have said something in the order in which they did, then those who were asked and have not.

    While it is open whose the case is, so has whoever has it meanwhile. One who was asked for nothing is not shown
    when that is settled.
    """
    asked = {each.party: each.since for each in custodies if _is_asked(each)}
    silent = [*asked]
    if case.lead is not None and case.responsibility in (Case.Responsibility.DISPUTED, Case.Responsibility.MULTI_HEAD):
        silent.append(case.lead)
    spoke = {each.party: each for each in stances}
    parties = dict.fromkeys([*spoke, *silent])
    return [Said(party, spoke.get(party), asked.get(party), party == case.lead) for party in parties]


def summary(said: Sequence[Said]) -> str:
    """How many are asked, and how many say that it is not theirs."""
    not_theirs = sum(each.stance is not None and each.stance.says == Stance.Says.NOT_OURS for each in said)
    parties = ngettext("%(count)d party", "%(count)d parties", len(said)) % {"count": len(said)}
    words = ngettext(
        "%(parties)s, %(count)d of them says that it is not theirs",
        "%(parties)s, %(count)d of them say that it is not theirs",
        not_theirs,
    )
    return words % {"parties": parties, "count": not_theirs}


def _is_asked(custody: Custody) -> bool:
    return custody.role == Custody.Role.CANDIDATE and custody.until is None
