"""A town with those who act on cases, and cases at every point of their life."""

from functools import cached_property

from cases.models import Case, StatutoryRule
from cases.services.close_case import close_case
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.void_case import void_case
from cases.workflow import Stage
from stakeholders.models import Building, Membership
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

LIMIT = "petition-finish"  # the only one that its article lets be extended


class Cast:
    """A town in which one party answers for waste, and two for the item 1.1."""

    def __init__(self) -> None:
        self.building: Building = BuildingFactory()
        self.coordinator: Membership = MembershipFactory(coordinator=True, user__name="周敏")
        self.lead: Membership = MembershipFactory(
            party=MandateFactory(item="3.1", party__name_en="Anju").party, user__name="陈立军"
        )
        self.other: Membership = MembershipFactory(party__name_en="Works")
        MandateFactory(item="1.1", party=self.lead.party)
        MandateFactory(item="1.1", party=self.other.party)

    @cached_property
    def auditor(self) -> Membership:
        """Sees all, may do next to nothing."""
        return MembershipFactory(auditor=True)

    def logged(self, code: str | None = "3.1") -> Case:
        need_item = item(code) if code else None
        return logged_case(by=self.coordinator, building=self.building, need_item=need_item, at=None)

    def asked(self) -> Case:
        """Two parties are asked whether it is theirs."""
        return self.logged("1.1")

    def unlocated(self) -> Case:
        return self.logged(None)

    def handling(self) -> Case:
        return sign_for_case(self.logged(), by=self.lead)

    def resolved(self) -> Case:
        return resolve_case(self.handling(), by=self.lead, reason="已清运")

    def closed(self) -> Case:
        return close_case(self.resolved(), by=self.coordinator, reason="现场核查")

    def returned(self) -> Case:
        return return_case(self.logged(), by=self.lead, ground="合同不含")

    def asks_for_time(self) -> Case:
        return extend_case(self.handling(), by=self.lead, amount=2, unit="working_day", reason="等配件")

    def asks_for_hold(self) -> Case:
        return hold_case(self.handling(), by=self.lead, amount=2, unit="working_day", reason="等配件")

    def on_hold(self) -> Case:
        return hold_case(self.handling(), by=self.coordinator, amount=2, unit="working_day", reason="等配件")

    def with_timer(self) -> Case:
        return start_statutory_timer(
            self.logged(), rule=StatutoryRule.objects.get(code=LIMIT), by=self.coordinator, reason="信访"
        )


def moved_on(case: Case, cast: Cast) -> Case:
    """The same case at a point where what could be done before cannot be done any more."""
    match Stage(case.stage):
        case Stage.RESOLVED:
            return close_case(case, by=cast.coordinator, reason="现场核查")
        case Stage.CLOSED:
            return reopen_case(case, by=cast.coordinator, reason="又满了")
    return void_case(case, by=cast.coordinator, reason="误报")
