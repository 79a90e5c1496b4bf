"""Joining a case to the one about the same matter."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case, StatutoryRule
from cases.services.close_case import close_case
from cases.services.link_duplicate import link_duplicate
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import AreaFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


def test_link_duplicate_ends_the_case_and_tells_both(coordinator: Membership, handling: Case) -> None:
    main = logged_case(building=handling.building)

    case = link_duplicate(handling, main_case=main, reason="同一件事", by=coordinator, at=LATER)

    assert (case.stage, case.main_case) == ("void", main)
    assert {each.ending for each in case.custodies.all()} == {"merged"}
    assert case.events.last().details == {"main_case": main.number, "reason": "同一件事"}
    assert (main.events.last().kind, main.events.last().details) == ("duplicate", {"duplicate": case.number})
    main.refresh_from_db()
    assert main.stage == "dispatched"


def test_link_duplicate_takes_its_own_duplicates_along(coordinator: Membership) -> None:
    first, middle, main = (logged_case() for _ in range(3))
    link_duplicate(first, main_case=middle, by=coordinator, at=MONDAY)

    link_duplicate(middle, main_case=main, by=coordinator, at=LATER)

    assert set(Case.objects.filter(main_case=main)) == {first, middle}
    told = main.events.filter(kind="duplicate").values_list("details__duplicate", flat=True)
    assert set(told) == {first.number, middle.number}


def test_link_duplicate_clears_what_was_wrong_and_ends_time_limits(coordinator: Membership) -> None:
    case, main = logged_case(), logged_case()
    rule = StatutoryRule.objects.get(code="gas-query")
    start_statutory_timer(case, rule=rule, by=coordinator, at=MONDAY)

    case = link_duplicate(case, main_case=main, by=coordinator, at=LATER)

    assert not case.findings.open().exists()
    assert not case.timers.running().exists()
    assert (case.timer_due_at, case.next_check_at) == (None, None)


def test_link_duplicate_refuses_what_is_no_main_case(coordinator: Membership) -> None:
    case, void, joined, main = (logged_case() for _ in range(4))
    void_case(void, reason="误报", by=coordinator)
    link_duplicate(joined, main_case=main, by=coordinator)
    of_town = MembershipFactory(coordinator=True, area=AreaFactory(code="440106001000"))
    elsewhere = logged_case()
    Case.objects.filter(pk=elsewhere.pk).update(area=of_town.area)

    for wrong, why in ((case, "itself"), (void, "void"), (joined, "main case"), (elsewhere, "no such case")):
        with pytest.raises(ValidationError, match=why) as refusal:
            link_duplicate(case, main_case=wrong, by=coordinator)
        assert list(refusal.value.message_dict) == ["main_case"]
    case.refresh_from_db()
    assert (case.stage, case.main_case) == ("opened", None)


def test_link_duplicate_is_undone_by_a_new_round(coordinator: Membership) -> None:
    case, main = logged_case(), logged_case()
    link_duplicate(case, main_case=main, by=coordinator, at=MONDAY)

    case = reopen_case(case, reason="不是", by=coordinator, at=LATER)

    assert (case.main_case, case.responsibility) == (None, "vacuum")


def test_link_duplicate_joins_nothing_to_a_case_that_has_ended(coordinator: Membership) -> None:
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    main, fresh = logged_case(), logged_case()
    resolve_case(sign_for_case(main, by=handler, at=MONDAY), reason="已清", by=handler, at=MONDAY)
    close_case(main, reason="看过", by=coordinator, at=MONDAY)

    with pytest.raises(ValidationError) as refusal:
        link_duplicate(fresh, main_case=main, by=coordinator, at=MONDAY)

    assert list(refusal.value.message_dict) == ["main_case"]
    assert Case.objects.get(pk=fresh.pk).main_case is None
