"""Random walks: people do whatever is allowed, time goes by, sweeps come, and the ledger changes meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from cases import policies
from cases.models import Case, StatutoryRule
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.correct_case import correct_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.disclaim_case import disclaim_case
from cases.services.escalate import escalate
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.locate_case import locate_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_disputes import sweep_disputes
from cases.services.sweep_unattended import sweep_unattended
from cases.services.sweep_unowned import sweep_unowned
from cases.services.verify_case import verify_case
from cases.services.void_case import void_case
from cases.workflow import Action
from stakeholders.models import Mandate, Membership, Party
from stakeholders.services.close_party import close_party
from stakeholders.services.end_mandate import end_mandate
from stakeholders.services.refresh_episodes import refresh_after_commit, refresh_episodes
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import LONG_AGO, BuildingFactory, MandateFactory, MembershipFactory, PartyFactory

Act = Callable[..., Case]

PLAIN: dict[Action, Act] = {
    Action.ACCEPT: sign_for_case,
    Action.CLAIM: claim_case,
    Action.CONTACT: contact_reporter,
    Action.RESUME: resume_case,
}
WITH_REASON: dict[Action, Act] = {
    Action.RESOLVE: resolve_case,
    Action.VERIFY: verify_case,
    Action.CLOSE: close_case,
    Action.REWORK: rework_case,
    Action.REOPEN: reopen_case,
    Action.COMMENT: comment_on_case,
    Action.VOID: void_case,
}
WITH_GROUND: dict[Action, Act] = {Action.RETURN: return_case, Action.DISCLAIM: disclaim_case}
DECISIONS: dict[Action, Act] = {Action.DECIDE_EXTENSION: decide_extension, Action.DECIDE_HOLD: decide_hold}
# Attaching writes files and changes nothing else; it has tests of its own.
LEFT_OUT = {Action.ATTACH}
# What ends a case or decides it is rarer than what goes on with it, in life and here.
RARE = {Action.VOID, Action.LINK_DUPLICATE, Action.RULE, Action.LOCATE, Action.COMMENT}


class Walk:
    """A small town in which a few cases go their way; the same seed gives the same walk."""

    def __init__(self, seed: int) -> None:
        self.chance, self.at = Random(seed), MONDAY
        self.log: list[str] = []
        office = PartyFactory(kind=Party.Kind.STREET)
        self.parties = [PartyFactory(supervisor=office) for _ in range(3)]
        self.coordinator = MembershipFactory(coordinator=True, party=office)
        self.building = BuildingFactory()
        worker = MembershipFactory(grid_worker=True, grid=self.building.grid)
        staff = [MembershipFactory(party=party) for party in [*self.parties, self.parties[0], office]]
        self.people: list[Membership] = [*staff, worker, self.coordinator]
        first, second, third = self.parties
        self.mandates = [
            MandateFactory(recorded_at=LONG_AGO, party=first, item="3.1"),
            MandateFactory(recorded_at=LONG_AGO, party=first, item="4.1"),
            MandateFactory(recorded_at=LONG_AGO, party=second, item="4.1"),
            MandateFactory(recorded_at=LONG_AGO, party=third, item="3.1", role=Mandate.Role.SUPPORT),
            MandateFactory(recorded_at=LONG_AGO, party=third, item="5.1", role=Mandate.Role.BACKSTOP),
        ]
        self.items = [item("3.1"), item("4.1"), item("2.1"), item("5.1")]
        self.rules = list(StatutoryRule.objects.filter(code__in=["petition-finish", "gas-query"]))
        chosen = self.chance.choice(self.items)
        self.log_one(chosen)
        self.log_one(self.chance.choice([chosen, self.items[0], None]))

    @property
    def cases(self) -> list[Case]:
        return list(Case.objects.order_by("pk"))

    def log_one(self, about: Any) -> None:
        logged_case(building=self.building, need_item=about, by=self.coordinator, at=self.at)

    def step(self) -> None:
        """Let some time go by, then something happen."""
        minutes = self.chance.choice([0, 5, 30, 120, 600, 1440, 3 * 1440, 10 * 1440])
        self.at += timedelta(minutes=minutes)
        kind = self.chance.random()
        if kind < 0.70:
            self.act()
        elif kind < 0.92:
            self.sweep()
        else:
            self.chance.choice([self.change_ledger, self.leave, self.close_down])()

    def act(self) -> None:
        """Somebody who sees a case does something that is allowed; what makes no sense is refused."""
        case, by = self.chance.choice(self.cases), self.chance.choice(self.people)
        if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
            return
        allowed = [each for each in policies.allowed_actions(by, case) if each not in LEFT_OUT]
        if not allowed:
            return
        action = self.chance.choices(allowed, [0.3 if each in RARE else 1 for each in allowed])[0]
        self.log.append(f"{self.at} {case.number} {case.stage}/{case.responsibility} {action} by {by.pk}/{by.role}")
        service, words = self._service(action, case, by)
        try:
            service(case, by=by, at=self.at, **words)
        except (ValidationError, PermissionDenied) as refusal:
            self.log.append(f"    refused: {refusal!r}")

    def _service(self, action: Action, case: Case, by: Membership) -> tuple[Act, dict[str, Any]]:
        if action in PLAIN:
            return PLAIN[action], {}
        if action in WITH_REASON:
            return WITH_REASON[action], {"reason": "因为"}
        if action in WITH_GROUND:
            return WITH_GROUND[action], {"ground": "不归我们"}
        if action in DECISIONS:
            return DECISIONS[action], {"reason": "因为", "grant": self.chance.random() < 0.7}
        return getattr(self, f"_{action.value}")(case)

    def _reassign(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return reassign_case, {"lead": self.chance.choice(self.parties), "reason": "改派"}

    def _rule(self, case: Case) -> tuple[Act, dict[str, Any]]:
        words: dict[str, Any] = {"lead": self.chance.choice(self.parties), "reason": "裁定"}
        if self.chance.random() < 0.5 and case.need_item is not None:
            words |= {"estate": case.estate, "need_item": case.need_item}
        return rule_on_case, words

    def _locate(self, case: Case) -> tuple[Act, dict[str, Any]]:
        words = {"estate": self.building.estate, "building": self.building, "need_item": self.chance.choice(self.items)}
        return locate_case, words

    def _correct(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return correct_case, {"urgency": self.chance.choice("EUGCP"), "location_note": self.chance.choice(["东", "西"])}

    def _rate(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return rate_case, {"solved": self.chance.random() < 0.5, "satisfied": self.chance.choice([True, None])}

    def _put_in_charge(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return put_in_charge, {"person": self.chance.choice(self.people)}

    def _extend(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return extend_case, {"reason": "等材料", "amount": 1, "unit": "working_day"}

    def _hold(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return hold_case, {"reason": "等拨款", "until": self.at + timedelta(days=self.chance.choice([1, 9]))}

    def _link_duplicate(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return link_duplicate, {"main_case": self.chance.choice(self.cases)}

    def _start_timer(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return start_statutory_timer, {"rule": self.chance.choice(self.rules)}

    def _extend_timer(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return extend_statutory_timer, {"rule": self.chance.choice(self.rules), "amount": 10, "reason": "复杂"}

    def _stop_timer(self, case: Case) -> tuple[Act, dict[str, Any]]:
        return stop_statutory_timer, {"rule": self.chance.choice(self.rules), "reason": "已答复"}

    def sweep(self) -> None:
        """What beat does, in any order."""
        jobs = [sweep_clocks, sweep_disputes, sweep_unattended, sweep_unowned, escalate]
        self.chance.shuffle(jobs)
        self.log.append(f"{self.at} sweeps {[job.__name__ for job in jobs]}")
        for job in jobs:
            job(at=self.at)

    def change_ledger(self) -> None:
        """A duty ends or begins, and the episodes follow."""
        self.log.append(f"{self.at} ledger changes")
        mandate = self.chance.choice(self.mandates)
        if mandate.withdrawn_at is None and mandate.valid_until is None:
            self.mandates.remove(mandate)
            self.mandates.append(end_mandate(mandate, until=self.at, by=self.coordinator, at=self.at))
        else:
            party, code = self.chance.choice(self.parties), self.chance.choice(self.items).code
            self.mandates.append(MandateFactory(party=party, item=code, valid_from=self.at, recorded_at=self.at))
            refresh_after_commit(self.mandates[-1:])
        refresh_episodes()

    def leave(self) -> None:
        """Somebody leaves who handles cases, and somebody else comes."""
        self.log.append(f"{self.at} somebody leaves")
        old = self.chance.choice(self.people[:3])
        old.until = self.at
        old.save()
        new = MembershipFactory(party=old.party)
        self.people[self.people.index(old)] = new

    def close_down(self) -> None:
        """A party is closed down, and another one takes its place in the town."""
        party = self.chance.choice(self.parties)
        self.log.append(f"{self.at} {party} is closed down")
        close_party(party, closed_at=self.at)
        refresh_episodes()
        new = PartyFactory(supervisor=party.supervisor)
        self.parties[self.parties.index(party)] = new
        self.people.append(MembershipFactory(party=new))

    def settle_clocks(self) -> datetime:
        """A sweep a moment later, after which nothing may be left to find."""
        self.at += timedelta(seconds=1)
        sweep_clocks(at=self.at)
        return self.at
