"""What each action on a case asks of who does it."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.choices import ItemField, Options, PlaceField, place_key, split_place
from cases.models import Case
from stakeholders.models import Membership, Party
from stakeholders.service_form import ServiceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TEXT_LIMIT = 2000


class ActionForm(ServiceForm):
    """Asks for nothing: the button says it all."""

    def __init__(self, data: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data)


def _text(label: "StrPromise", *, missing: "StrPromise | None" = None) -> forms.CharField:
    """A few lines to write; they are required if there is something to say when they are missing."""
    return forms.CharField(
        label=label,
        required=missing is not None,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing} if missing is not None else None,
    )


class ContactForm(ActionForm):
    reason = _text(gettext_lazy("What was said"))


class ReturnForm(ActionForm):
    ground = _text(
        gettext_lazy("Why it is not yours"), missing=gettext_lazy("Say why: the coordinator decides by what you write.")
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("On what basis"),
        help_text=gettext_lazy("Clause of a contract, item of a duty list, number of a document."),
        required=False,
        max_length=200,
    )


class ResolveForm(ActionForm):
    reason = _text(gettext_lazy("What was done"), missing=gettext_lazy("Say what was done: somebody will check it."))


class ReworkForm(ActionForm):
    reason = _text(gettext_lazy("What is not done"), missing=gettext_lazy("Say what is still to be done."))


class CloseForm(ActionForm):
    reason = _text(gettext_lazy("How it was checked"))


class VoidForm(ActionForm):
    reason = _text(gettext_lazy("Why it is void"), missing=gettext_lazy("Say why: the reason stays readable."))


class CommentForm(ActionForm):
    reason = _text(gettext_lazy("Comment"), missing=gettext_lazy("Write something."))


class ReassignForm(ActionForm):
    lead = forms.ModelChoiceField(
        label=gettext_lazy("To whom"),
        queryset=Party.objects.none(),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Choose a party.")},
    )
    reason = _text(gettext_lazy("Reason"), missing=gettext_lazy("Say why: both parties will read it."))

    def __init__(self, data: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, case=case, by=by)
        working = Q(closed_at__isnull=True) | Q(closed_at__gt=timezone.now())
        lead = cast("forms.ModelChoiceField[Party]", self.fields["lead"])
        parties = Party.objects.visible_to(by).filter(working)
        lead.queryset = parties.exclude(pk=case.lead.pk) if case.lead else parties
        lead.widget.choices = _candidates(case, list(lead.queryset))


class LocateForm(ActionForm):
    place = PlaceField(label=gettext_lazy("Where"), error_messages={"required": gettext_lazy("Choose where it is.")})
    need_item = ItemField(
        label=gettext_lazy("What it is about"),
        unsure=gettext_lazy("Choose an item"),
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )

    def __init__(self, data: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, case=case, by=by)
        cast(PlaceField, self.fields["place"]).load(by)
        cast(ItemField, self.fields["need_item"]).load()
        if case.estate is not None:
            self.initial["place"] = place_key(case.building or case.estate)
        if case.need_item is not None:
            self.initial["need_item"] = case.need_item.code

    def clean(self) -> dict[str, Any]:
        """Turn the place into the estate and the building that the service asks for."""
        return split_place(self.cleaned_data)


def _candidates(case: Case, parties: list[Party]) -> Options:
    """The parties that the open findings of the case name, then all others."""
    named = {code for finding in case.findings.open() for code in finding.evidence.get("parties", ())}
    options = [(party.code in named, (party.code, str(party))) for party in parties]
    return [
        ("", [("", _("Choose a party"))]),
        (_("Named by the duty list"), [option for is_named, option in options if is_named]),
        (_("All others"), [option for is_named, option in options if not is_named]),
    ]
