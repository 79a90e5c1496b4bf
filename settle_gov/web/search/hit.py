"""How what was found is shown: one line, with the words that were searched for marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.models import Case
from cases.policies import can_reveal
from cases.signs import sign_of
from stakeholders.masking import masked_phone
from stakeholders.models import Building, Estate, Membership, Party, Resident
from stakeholders.search import marked, phone_ending, searchable

Parts = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """One line: where it leads, its mark or its icon, its name and what stands beside it, each in parts."""

    url: str
    title: Parts
    facts: list[Parts]
    icon: str = ""  # without one it has the mark of its state
    state: str = ""


class Asked:
    """What somebody asked for, and the lines that answer it."""

    def __init__(self, said: str, by: Membership) -> None:
        self.said, self.by = said, by
        self.words = searchable(said).split()
        self.ending = phone_ending(said)

    def case(self, case: Case) -> Hit:
        """The state in words, place, number, party, stage; the reporter where that is why it was found."""
        facts = [
            "" if case.responsibility == Case.Responsibility.HELD else str(sign_of(case.responsibility).word),
            case.place or case.location_note,
            case.number,
            str(case.lead or ""),
            capfirst(case.get_stage_display()),
            _("reporter %(phone)s") % {"phone": masked_phone(case.reporter_phone)} if self._is_told(case) else "",
        ]
        return Hit(case.get_absolute_url(), self._marked(case.title), self._facts(facts), state=case.responsibility)

    def estate(self, estate: Estate) -> Hit:
        """What kind of estate, and in which community."""
        return Hit(
            _cases(estate=estate.code),
            self._marked(str(estate)),
            self._facts([capfirst(estate.get_kind_display()), str(estate.area)]),
            icon="matrix",
        )

    def building(self, building: Building) -> Hit:
        """The building with its estate."""
        return Hit(
            _cases(building=building.code),
            self._marked(f"{building.estate} {building}"),
            self._facts([_("Building"), str(building.estate.area)]),
            icon="pin",
        )

    def party(self, party: Party) -> Hit:
        """What kind of body, and for which area."""
        closed = _("has closed down") if party.closed_at else ""
        return Hit(
            reverse("parties:party", args=[party.code]),
            self._marked(str(party)),
            self._facts([capfirst(party.get_kind_display()), str(party.area), closed]),
            icon="seal",
        )

    def member(self, member: Membership) -> Hit:
        """For whom somebody acts, and as what."""
        return Hit(
            reverse("parties:party", args=[member.party.code]),
            self._marked(str(member.user)),
            self._facts([str(member.party), capfirst(member.get_role_display())]),
            icon="user",
        )

    def resident(self, resident: Resident) -> Hit:
        """Masked: the surname, the end of the number, the dwelling."""
        household = resident.household
        gone = _("has moved out") if resident.moved_out_at else ""
        dwelling = f"{household.building.estate} {household.building} {household}"
        return Hit(
            _cases(building=household.building.code),
            [(str(resident), False)],
            self._facts([_("Resident"), dwelling, masked_phone(resident.phone), gone]),
            icon="user",
        )

    def _is_told(self, case: Case) -> bool:
        is_theirs = bool(self.ending) and case.reporter_phone_ending == self.ending
        return is_theirs and not case.reporter_is_anonymous and can_reveal(self.by, case)

    def _marked(self, text: str) -> Parts:
        return marked(text, self.words)

    def _facts(self, facts: Iterable[str]) -> list[Parts]:
        return [self._marked(fact) for fact in facts if fact]


def _cases(**which: str) -> str:
    """The cases at a place."""
    return f"{reverse('cases:list')}?{urlencode(which)}"
