"""The ruling on the page of a cell: whom, how wide, why, and what will happen once the seal is pressed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.advice import PRACTICE, Candidate, Precedent, advice_for
from cases.consequences import Consequences, consequences_of
from cases.services.settle_scope import settle_scope
from settle_gov.web.duties.look import Look
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.papers import Paper, Standing
from settle_gov.web.duties.places import Place, Spot
from settle_gov.web.duties.record_forms import TEXT_LIMIT, working_parties
from settle_gov.web.duties.rule_form import ESTATE, RuleForm
from stakeholders.models import Mandate, Membership, Party

GAPS = frozenset({Mark.VACUUM, Mark.MULTI_HEAD, Mark.BACKSTOP})


@dataclass(frozen=True)
class Option:
    """A candidate as it is drawn: what speaks for it, each thing labelled as what it is."""

    candidate: Candidate
    share: str  # of the cases that were resolved, in percent
    papers: list[str]
    disclaimers: list[str]  # where they outweigh what it claims

    @property
    def grounds(self) -> list[str]:
        """What it says itself that speaks against it, and what speaks for it, in words."""
        found = [_("Not ours: %(paper)s") % {"paper": paper} for paper in self.disclaimers]
        found += [_("Duty: %(paper)s") % {"paper": paper} for paper in self.papers]
        if self.candidate.precedent:
            found.append(precedent_words(self.candidate.precedent))
        if self.candidate.is_usual_kind:
            found.append(_("Custom: this kind of party leads"))
        return found


class Desk:
    """All that is needed to rule on a cell: the form, the advice, and what the choice would change."""

    def __init__(self, look: Look, by: Membership, typed: dict[str, Any] | None = None) -> None:
        self.look, self.by, self.has_typed = look, by, typed is not None
        self.advice = advice_for(look.estate, look.spot.building, look.item, by=by)
        parties = {each.party.code: each.party for each in self.advice.candidates}
        self.others = [party for party in working_parties(by) if party.code not in parties]
        is_pressed = typed is not None and "preview" not in typed
        self.form = RuleForm(
            typed if is_pressed else None,
            look=look,
            parties={**parties, **{party.code: party for party in self.others}},
            initial=self._usual() if typed is None else typed,
        )

    def press(self) -> bool:
        """Rule as chosen, and say whether it went through; what moves is counted before it has moved."""
        self._moving = len(self.consequences.moving) if self.consequences else 0
        return self.form.submit(settle_scope, by=self.by)

    @property
    def is_wanted(self) -> bool:
        """Whether the page asks for a ruling: not one party leads, something waits, or somebody is at it."""
        return self.look.place.mark in GAPS or self.has_typed or bool(self.consequences and self.consequences.moving)

    @property
    def options(self) -> list[Option]:
        """The candidates, the best backed first."""
        total = self.advice.resolved or 1
        return [
            Option(
                each,
                f"{100 * each.resolved / total:.0f}%",
                self._papers_of(each.party),
                self._disclaimers_of(each.party),
            )
            for each in self.advice.candidates
        ]

    @property
    def is_other_chosen(self) -> bool:
        """Whether a party is chosen for which nothing speaks here."""
        return self.form.chosen_lead in self.others

    @cached_property
    def consequences(self) -> Consequences | None:
        """What would happen; None while nobody is chosen."""
        lead = self.form.chosen_lead
        if lead is None:
            return None
        return consequences_of(lead, by=self.by, valid_until=self.form.until, **self.form.scope)

    @property
    def changed(self) -> Place | None:
        """The places that would stand otherwise; None where none would."""
        keys = {change.place.building for change in self.consequences.changes} if self.consequences else set()
        spots = [spot for place in self.look.places for spot in place.spots]
        touched = [spot for spot in spots if spot.key in keys]
        return Place(Mark.RULED, touched, [], is_everywhere=len(touched) == len(spots)) if touched else None

    @property
    def reason(self) -> str:
        """What stands in the field: what was typed, or a proposal that fits the choice."""
        typed = str(self.form["reason"].value() or "").replace("\r\n", "\n")
        lead = self.form.chosen_lead
        is_proposal = typed in {self._proposal(party) for party in self.form.parties.values()}
        return self._proposal(lead) if lead and (not typed or is_proposal) else typed

    @property
    def done_words(self) -> SafeString:
        """What has happened, for after the seal is pressed."""
        ruled = format_html(
            _("{person} ruled: {lead} answers for {item} at {place} from now on."),
            person=format_html("<b>{}</b>", self.by.user),
            lead=format_html("<b>{}</b>", self.form.result.lead),
            item=self.look.item,
            place=self.form.chosen_building or self.look.estate,
        )
        if not self._moving:
            return ruled
        words = ngettext("{count} waiting case went to it.", "{count} waiting cases went to it.", self._moving)
        return format_html(_("{ruled} {moved}"), ruled=ruled, moved=format_html(words, count=self._moving))

    @property
    def alike(self) -> list[Spot]:
        """The other places with the same answer, where a ruling on the building looked at leaves them as they are."""
        if self.look.spot.building is None or self.look.place.is_everywhere:
            return []
        return [spot for spot in self.look.place.spots if spot != self.look.spot]

    def _usual(self) -> dict[str, Any]:
        """The best backed party that does not disclaim, for one building where the common area stands otherwise."""
        willing = [each.party.code for each in self.advice.candidates if each.party not in self._unwilling]
        return {
            "lead": willing[0] if willing else "",
            "place": ESTATE if self.look.place.has_common_area else self.look.spot.code,
        }

    @cached_property
    def _unwilling(self) -> set[Party]:
        return {each.party for each in self.advice.candidates if each.has_disclaimed}

    def _papers_of(self, party: Party) -> list[str]:
        """On which papers a party leads here, now or soon; none that its own disclaimer outweighs."""
        return [
            paper.basis if paper.standing is Standing.HOLDS else _to_come(paper)
            for paper in self._mandates_of(party, Mandate.Role.LEAD)
            if paper.standing is Standing.TO_COME or party not in self._unwilling
        ]

    def _disclaimers_of(self, party: Party) -> list[str]:
        """On which papers a party says that this is not its matter."""
        papers = self._mandates_of(party, Mandate.Role.DISCLAIM) if party in self._unwilling else []
        return [paper.basis for paper in papers if paper.standing is Standing.HOLDS]

    def _mandates_of(self, party: Party, role: Mandate.Role) -> list[Paper]:
        return [
            paper
            for paper in self.look.papers_here
            if paper.party == party
            and isinstance(paper.record, Mandate)
            and paper.record.role == role
            and paper.standing is not Standing.OVER
        ]

    def _proposal(self, party: Party) -> str:
        """A reason made of nothing but facts that stand on the page."""
        candidate = next((each for each in self.advice.candidates if each.party == party), None)
        facts = self._papers_of(party)
        if candidate and candidate.precedent:
            facts.append(precedent_words(candidate.precedent))
        if candidate and candidate.resolved:
            facts.append(self._practice(candidate))
        if candidate and candidate.is_usual_kind and self.advice.legal_basis:
            facts.append(_("Law: %(basis)s") % {"basis": self.advice.legal_basis})
        words = _("; ").join(facts) or _("Until now: %(state)s") % {"state": self.look.present.sentence}
        return words[:TEXT_LIMIT]

    def _practice(self, candidate: Candidate) -> str:
        return _("resolved %(count)d of %(total)d such cases here in %(days)d days") % {
            "count": candidate.resolved,
            "total": self.advice.resolved,
            "days": PRACTICE.days,
        }


def _to_come(paper: Paper) -> str:
    return _("%(paper)s (from %(day)s)") % {"paper": paper.basis, "day": paper.first_day}


def precedent_words(precedent: Precedent) -> str:
    """An earlier ruling in few words."""
    return _("Earlier ruling: %(place)s, %(month)s, for %(lead)s") % {
        "place": precedent.place,
        "month": f"{timezone.localtime(precedent.ruling.decided_at):%Y-%m}",
        "lead": precedent.lead,
    }
