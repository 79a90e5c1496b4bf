"""Every action on its page: what it asks for, that it does it, and how it refuses."""

from pathlib import Path

import pytest

from cases.models import Case
from cases.policies import NEEDS
from cases.views.deeds import DEEDS
from cases.workflow import Action
from tests.cases.cast import Cast, moved_on
from tests.cases.views.conftest import BrowserOf
from tests.cases.ways import WAYS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]
ACTIONS = list(Action)
SOME_MAY = [action for action in Action if NEEDS[action] is not None]
CAN_BE_WRONG = [action for action in Action if WAYS[action].page_at]


def address(case: Case, action: Action) -> str:
    return f"/cases/{case.number}/actions/{action}/"


def test_every_action_has_its_page_and_its_way() -> None:
    assert list(DEEDS) == ACTIONS
    assert set(WAYS) == set(Action)
    assert set(Action) - set(CAN_BE_WRONG) == {Action.ACCEPT}  # one click: nothing can be wrong with it


@pytest.mark.parametrize("action", ACTIONS)
def test_page_asks_for_what_the_action_needs(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way, deed = WAYS[action], DEEDS[action]
    case = way.make(cast)

    answer = browser_of(getattr(cast, way.who)).get(address(case, action))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert str(deed.consequence) in page
    assert f">{deed.label}</button>" in page
    assert all(f'name="{name}"' in page for name in deed.form.base_fields)
    assert {name for name in way.page(cast) if name not in deed.form.base_fields} == set()


@pytest.mark.parametrize("action", ACTIONS)
def test_page_does_it_and_goes_back_to_the_case(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way = WAYS[action]
    case, by = way.make(cast), getattr(cast, way.who)

    answer = browser_of(by).post(address(case, action), way.page(cast), follow=True)

    assert answer.redirect_chain == [(case.get_absolute_url(), 302)]
    assert str(DEEDS[action].done) in answer.content.decode()
    assert case.events.filter(kind=way.kind, by=by).exists()
    case.refresh_from_db()
    assert case.stage == way.stage


@pytest.mark.parametrize("action", SOME_MAY)
def test_page_refuses_who_may_not(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)
    browser = browser_of(cast.auditor)

    assert browser.get(address(case, action)).status_code == 403
    assert browser.post(address(case, action), way.page(cast)).status_code == 403
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("action", ACTIONS)
def test_page_says_when_it_is_not_possible_any_more(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way = WAYS[action]
    case = moved_on(way.make(cast), cast)
    browser = browser_of(getattr(cast, way.who))

    assert browser.get(address(case, action)).status_code == 409
    assert browser.post(address(case, action), way.page(cast)).status_code == 409
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("action", CAN_BE_WRONG)
def test_page_names_the_field_that_is_wrong(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)

    answer = browser_of(getattr(cast, way.who)).post(address(case, action), way.wrong_page or {})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{way.page_at}_error"' in page
    assert f'id="id_{way.page_at}' in page
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("action", [Action.COMMENT, Action.ATTACH])
def test_what_changes_nothing_goes_through_whatever_has_changed(
    cast: Cast, browser_of: BrowserOf, uploads: Path, action: Action
) -> None:
    way = WAYS[action]
    case = way.make(cast)

    answer = browser_of(cast.lead).post(address(case, action), {**way.page(cast), "seen": "0"})

    assert answer.status_code == 302


@pytest.mark.parametrize("action", [action for action in SOME_MAY if action is not Action.ACCEPT])
def test_what_others_decide_on_does_not(cast: Cast, browser_of: BrowserOf, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)

    answer = browser_of(getattr(cast, way.who)).post(address(case, action), {**way.page(cast), "seen": "0"})

    assert answer.status_code == 409
    assert "The case has changed since you opened this page." in answer.content.decode()
