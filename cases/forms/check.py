"""What is asked of who checks what was done, and of what the reporter says about it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from cases.forms.actions import ActionForm, text
from cases.models import Case
from stakeholders.models import Membership

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

YES, NO = ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))


def is_yes(value: str) -> bool:
    """What a choice between yes and no comes to."""
    return value == YES[0]


class VerifyForm(ActionForm):
    reason = text(
        gettext_lazy("How it was checked"), missing=gettext_lazy("Say how it was checked: on the spot, by a photo, …")
    )


class ReworkForm(ActionForm):
    reason = text(gettext_lazy("What is not done"), missing=gettext_lazy("Say what is still to be done."))


class CloseForm(ActionForm):
    """Where nobody has verified the case yet, closing needs the words of a check."""

    reason = text(
        gettext_lazy("How it was checked"),
        missing=gettext_lazy("Say how it was checked: nobody has verified it yet."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        if case.verified_at is not None:
            self.fields["reason"].label = gettext_lazy("Remark")
            self.fields["reason"].required = False


class ReopenForm(ActionForm):
    reason = text(gettext_lazy("Why it is reopened"), missing=gettext_lazy("Say why: the party begins anew."))


def _answer(label: "StrPromise") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[YES, NO, ("", gettext_lazy("no answer"))],
        coerce=is_yes,
        empty_value=None,
        initial="",
        widget=forms.RadioSelect,
    )


class RateForm(ActionForm):
    """The reporter's three answers; an answer that nobody gave is none."""

    contacted = _answer(gettext_lazy("Did somebody get in touch?"))
    solved = _answer(gettext_lazy("Is it solved?"))
    satisfied = _answer(gettext_lazy("Satisfied with how it went?"))
    reason = text(gettext_lazy("Remark"))
