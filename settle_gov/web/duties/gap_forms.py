"""What may be asked of the gap register beside the filters of episodes."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import item_options, items_by_class
from settle_gov.web.duties.forms import DAY_FORMATS
from settle_gov.web.duties.record_forms import DayField
from settle_gov.web.duties.scope import estates_of, moment_of
from stakeholders.models import Episode, Membership, NeedClass, Party
from stakeholders.service_form import ServiceForm

ANY: tuple[str, Promise] = ("", _("any"))
YES = [("true", _("yes"))]


class GapForm(forms.Form):
    """The day, the one state to look for, and which gaps come in which order."""

    at = DayField(label=_("As it stood on"), required=False, input_formats=DAY_FORMATS)
    state = forms.ChoiceField(label=_("State"), required=False, choices=Episode.State.choices)
    coming = forms.ChoiceField(label=_("Coming gaps"), required=False, choices=YES)
    cases = forms.ChoiceField(label=_("With open cases only"), required=False, choices=YES)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=[("harm", _("Most open cases first"))])

    @property
    def day(self) -> date | None:
        """The day asked for; None for today."""
        day: date | None = self.cleaned_data.get("at")
        return None if day == timezone.localdate() else day

    @property
    def moment(self) -> datetime:
        """The instant that is looked at."""
        return moment_of(self.day)

    @property
    def is_by_harm(self) -> bool:
        """Whether the gaps with most open cases come first, and those without any not at all."""
        return bool(self.cleaned_data["sort"])

    @property
    def is_hot(self) -> bool:
        """Whether only gaps are wanted on which open cases hang."""
        return self.is_by_harm or bool(self.cleaned_data["cases"])


class ChooseForm(ServiceForm):
    """The filters as selects. Shown only, never read: what comes back goes to `GapForm` and the filters of episodes."""

    at = forms.CharField(label=_("As it stood on"))
    area = forms.ChoiceField(label=_("Community"))
    estate = forms.ChoiceField(label=_("Estate"))
    need_class = forms.ChoiceField(label=_("Need class"))
    need_item = forms.ChoiceField(label=_("Need item"))
    parties = forms.ChoiceField(label=_("Party"))
    cases = forms.ChoiceField(label=_("Open cases"), choices=[ANY, ("true", _("With open cases only"))])

    use_required_attribute = False

    def __init__(self, asked: dict[str, str], *, by: Membership) -> None:
        super().__init__(initial={"at": timezone.localdate().isoformat()} | asked)
        self.fields["at"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        estates = list(estates_of(by))
        communities = {each.area_id: each.area for each in estates}
        self._offer("area", communities.values())
        self._offer("estate", estates)
        self._offer("need_class", NeedClass.objects.all())
        self._offer("parties", Party.objects.visible_to(by))
        self.fields["need_item"].widget.choices = [("", [ANY]), *item_options(items_by_class())]

    def _offer(self, name: str, each_of: Any) -> None:
        self.fields[name].widget.choices = [ANY, *((each.code, str(each)) for each in each_of)]
