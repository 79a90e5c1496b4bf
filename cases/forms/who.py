"""What is asked about whose a case is: what parties say of it, whom it goes to, and to which case it belongs."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases.forms.actions import ActionForm, text
from cases.forms.choices import ItemField, Options, PlaceField, place_key, split_place
from cases.models import Case, CaseRuling, Custody, Stance
from stakeholders.models import Membership, Party
from stakeholders.policies import can_keep_duties_at
from stakeholders.service_form import ServiceForm


class StanceForm(ActionForm):
    """Ours or not ours, with its ground; shows what the others say."""

    ground = text(gettext_lazy("Why it is yours"))
    legal_basis = forms.CharField(
        label=gettext_lazy("On what basis"),
        help_text=gettext_lazy("Clause of a contract, item of a duty list, number of a document."),
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        self.facts = _what_is_said(case)


class ClaimForm(StanceForm):
    pass


class DisclaimForm(StanceForm):
    ground = text(
        gettext_lazy("Why it is not yours"), missing=gettext_lazy("Say why: the coordinator decides by what you write.")
    )


class ReturnForm(DisclaimForm):
    pass


class ReassignForm(ActionForm):
    lead = forms.ModelChoiceField(
        label=gettext_lazy("To whom"),
        queryset=Party.objects.none(),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Choose a party.")},
    )
    supports = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who supports"),
        queryset=Party.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = text(gettext_lazy("Reason"), missing=gettext_lazy("Say why: both parties will read it."))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        parties = _working(by)
        _offer(self, case, parties.exclude(pk=case.lead.pk) if case.lead else parties)
        supports = cast("forms.ModelMultipleChoiceField[Party]", self.fields["supports"])
        supports.queryset = parties
        self.facts = _what_is_said(case)


class RuleForm(ActionForm):
    """For this case alone, or for its matter from now on: as wide as the actor keeps the duties of the place."""

    lead = forms.ModelChoiceField(
        label=gettext_lazy("Who is to lead"),
        queryset=Party.objects.none(),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Choose a party.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("How wide"),
        widget=forms.RadioSelect,
        initial="case",
        error_messages={"required": gettext_lazy("Choose how wide it is to hold.")},
    )
    reason = text(gettext_lazy("Reason"), missing=gettext_lazy("Say why: all parties will read it."))
    document_no = forms.CharField(
        label=gettext_lazy("Document number"),
        required=False,
        max_length=CaseRuling._meta.get_field("document_no").max_length,
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        _offer(self, case, _working(by))
        self._scopes = _scopes(case, by)
        cast(forms.ChoiceField, self.fields["scope"]).choices = [
            (key, said) for key, (said, _all) in self._scopes.items()
        ]
        self.facts = _what_is_said(case)

    def clean(self) -> dict[str, Any]:
        """Turn how wide it is to hold into the fields of a ruling that the service asks for."""
        _said, scope = self._scopes.get(self.cleaned_data.pop("scope", ""), ("", {}))
        return {**self.cleaned_data, **scope}


class PutInChargeForm(ActionForm):
    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=Membership.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a person.")},
    )
    reason = text(gettext_lazy("Remark"))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        handlers = Membership.objects.handling_for(case.lead_id).select_related("user")
        person = cast("forms.ModelChoiceField[Membership]", self.fields["person"])
        person.queryset = handlers
        person.widget.choices = [(each.pk, str(each.user)) for each in handlers]
        self.initial["person"] = by.pk


class CaseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it cannot be subscripted at run time
    """A case that is named by its number. Gives the case."""

    def to_python(self, value: Any) -> Any:
        """Numbers are copied from anywhere: blanks around them and small letters do no harm."""
        return super().to_python(value.strip().upper() if isinstance(value, str) else value)


class LinkDuplicateForm(ActionForm):
    main_case = CaseField(
        label=gettext_lazy("Number of the main case"),
        help_text=gettext_lazy("The case that goes on; this one ends and follows it."),
        queryset=Case.objects.none(),
        to_field_name="number",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Give the number of the main case."),
            "invalid_choice": gettext_lazy("You see no such case."),
        },
    )
    reason = text(gettext_lazy("Remark"))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        cast(CaseField, self.fields["main_case"]).queryset = Case.objects.visible_to(by)


class LocateForm(ActionForm):
    place = PlaceField(label=gettext_lazy("Where"), error_messages={"required": gettext_lazy("Choose where it is.")})
    need_item = ItemField(
        label=gettext_lazy("What it is about"),
        unsure=gettext_lazy("Choose an item"),
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        cast(PlaceField, self.fields["place"]).load(by)
        cast(ItemField, self.fields["need_item"]).load()
        if case.estate is not None:
            self.initial["place"] = place_key(case.building or case.estate)
        if case.need_item is not None:
            self.initial["need_item"] = case.need_item.code

    def clean(self) -> dict[str, Any]:
        """Turn the place into the estate and the building that the service asks for."""
        return split_place(self.cleaned_data)


def _working(by: Membership) -> Any:
    """The parties that may be given something."""
    return Party.objects.visible_to(by).filter(Q(closed_at__isnull=True) | Q(closed_at__gt=timezone.now()))


def _offer(form: ServiceForm, case: Case, parties: Any) -> None:
    """Let a party be chosen as the lead: those that say it is theirs, those that the findings name, all others."""
    lead = cast("forms.ModelChoiceField[Party]", form.fields["lead"])
    lead.queryset = parties
    claiming = set(case.stances.standing().filter(says=Stance.Says.OURS).values_list("party", flat=True))
    named = {code for finding in case.findings.open() for code in finding.evidence.get("parties", ())}
    options = [(party, (party.code, str(party))) for party in parties]
    groups: Options = [
        ("", [("", _("Choose a party"))]),
        (_("Says it is theirs"), [option for party, option in options if party.pk in claiming]),
        (
            _("Named by the duty list"),
            [option for party, option in options if party.code in named and party.pk not in claiming],
        ),
        (
            _("All others"),
            [option for party, option in options if party.code not in named and party.pk not in claiming],
        ),
    ]
    lead.widget.choices = [(name, group) for name, group in groups if group]


def _scopes(case: Case, by: Membership) -> dict[str, tuple[str, dict[str, Any]]]:
    """How wide a ruling on this case may hold, each in words and as the fields of a ruling."""
    scopes: dict[str, tuple[str, dict[str, Any]]] = {"case": (_("this case only"), {})}
    estate, item = case.estate, case.need_item
    if estate is None or item is None or not can_keep_duties_at(by, estate.area_id):
        return scopes
    if case.building is not None:
        scopes["building"] = (
            _("from now on: %(item)s at %(place)s") % {"item": item, "place": case.place},
            {"building": case.building, "need_item": item},
        )
    scopes["estate"] = (
        _("from now on: %(item)s in the whole estate, common area and all buildings") % {"item": item},
        {"estate": estate, "need_item": item},
    )
    scopes["class"] = (
        _("from now on: all of “%(need_class)s” in the whole estate") % {"need_class": item.need_class},
        {"estate": estate, "need_class": item.need_class},
    )
    return scopes


def _what_is_said(case: Case) -> list[tuple[str, str]]:
    """What each party says about whose the case is, and who was asked and has not answered."""
    said = {each.party: _stance_words(each) for each in case.stances.standing().select_related("party")}
    asked = case.custodies.filter(role=Custody.Role.CANDIDATE, until__isnull=True).select_related("party")
    unheard = {each.party: _("has not answered") for each in asked if each.party not in said}
    return [(str(party), words) for party, words in {**said, **unheard}.items()]


def _stance_words(stance: Stance) -> str:
    return pgettext("between facts", " · ").join(
        _filled((stance.get_says_display(), stance.ground, stance.legal_basis))
    )


def _filled(words: Iterable[str]) -> list[str]:
    return [each for each in words if each]
