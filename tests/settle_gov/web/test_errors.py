"""What is said when something went wrong."""

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views.defaults import bad_request, server_error

from settle_gov import urls
from tests.factories.stakeholders import MembershipFactory


def fail(request):
    raise RuntimeError


urlpatterns = [*urls.urlpatterns, path("fail/", fail)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_not_found_offers_a_stranger_the_start(client, language):
    answer = client.get("/nowhere/", headers={"accept-language": language})

    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()
    assert 'name="q"' not in answer.content.decode()


@pytest.mark.django_db
def test_not_found_offers_a_member_the_search(signed_in):
    page = signed_in(MembershipFactory()).get("/nowhere/").content.decode()

    assert "There is no such page" in page
    assert 'action="/search/"' in page


@pytest.mark.django_db
def test_forbidden_says_that_the_role_does_not_include_it(signed_in):
    answer = signed_in(MembershipFactory()).get("/inbox/")

    assert answer.status_code == 403
    assert "Your role does not include this." in answer.content.decode()


def test_a_form_without_its_token_is_told_to_load_again():
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    answer = browser.post("/language/", {"language": "en"})

    assert answer.status_code == 403
    assert "This form has grown old" in answer.content.decode()


@pytest.mark.parametrize(("view", "status"), [(bad_request, 400), (server_error, 500)])
def test_the_worst_needs_neither_request_nor_database(view, status):
    answer = view(RequestFactory().get("/"), exception=None) if status == 400 else view(RequestFactory().get("/"))

    assert answer.status_code == status
    assert f">{status}</p>" in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_is_owned_up_to(signed_in, db, caplog):
    browser = signed_in(MembershipFactory())
    browser.raise_request_exception = False

    answer = browser.get("/fail/")

    assert answer.status_code == 500
    assert "It is our fault, not yours" in answer.content.decode()


def test_an_unknown_host_is_refused_in_our_look(client):
    answer = client.get("/sign-in/", headers={"host": "elsewhere.example", "accept-language": "en"})

    assert answer.status_code == 400
    assert "This request makes no sense" in answer.content.decode()
