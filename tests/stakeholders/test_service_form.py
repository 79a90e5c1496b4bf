"""Forms that hand what was typed to a service."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.service_form import ServiceForm


class NoteForm(ServiceForm):
    text = forms.CharField()


def test_service_form_hands_over_what_was_typed_and_keeps_the_result() -> None:
    form = NoteForm({"text": " 已清运 "})

    assert form.submit(lambda case, *, text, by: f"{case} {by}: {text}", "AZ-1", by="王") is True
    assert form.result == "AZ-1 王: 已清运"


def test_service_form_calls_nothing_when_the_form_is_not_valid() -> None:
    form = NoteForm({"text": ""})

    assert form.submit(lambda **_: pytest.fail("called")) is False
    assert list(form.errors) == ["text"]


def test_service_form_is_not_submitted_when_it_is_not_bound() -> None:
    assert NoteForm(None).submit(lambda **_: pytest.fail("called")) is False


def test_service_form_shows_a_refusal_at_its_field() -> None:
    def refuse(*, text: str) -> None:
        raise ValidationError({"text": ValidationError("Say more.", code="short")})

    form = NoteForm({"text": "x"})

    assert form.submit(refuse) is False
    assert form.errors == {"text": ["Say more."]}
    assert form.has_error("text", "short")


def test_service_form_shows_a_refusal_of_no_field_above() -> None:
    def refuse(*, text: str) -> None:
        raise ValidationError("Not %(when)s.", code="stage", params={"when": "now"})

    form = NoteForm({"text": "x"})

    assert form.submit(refuse) is False
    assert form.non_field_errors() == ["Not now."]
    assert form.has_error("__all__", "stage")


def test_service_form_shows_what_a_service_says_of_a_field_it_does_not_have_above() -> None:
    def refuse(*, text: str) -> None:
        raise ValidationError({"stage": "Closed."})

    form = NoteForm({"text": "x"})

    assert form.submit(refuse) is False
    assert form.non_field_errors() == ["Closed."]


def test_service_form_lets_a_missing_permission_through() -> None:
    def refuse(*, text: str) -> None:
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        NoteForm({"text": "x"}).submit(refuse)
