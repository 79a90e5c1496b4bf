"""The filters of the list as selects, for those who do not come from a link that says it all."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import item_options, items_by_class
from cases.models import Case
from stakeholders.models import Estate, Membership, Party
from stakeholders.models.need import Urgency
from stakeholders.service_form import ServiceForm

ANY: tuple[str, Promise] = ("", _("any"))


class ChooseForm(ServiceForm):
    """Shown only, never read: what comes back goes to `CaseFilter`."""

    estate = forms.ChoiceField(label=_("Estate"))
    need_item = forms.ChoiceField(label=_("Need item"))
    lead = forms.ChoiceField(label=_("Lead"))
    stage = forms.ChoiceField(label=_("Stage"), choices=[ANY, *Case.Stage.choices])
    urgency = forms.ChoiceField(label=_("Urgency"), choices=[ANY, *Urgency.choices])
    channel = forms.ChoiceField(label=_("How it came in"), choices=[ANY, *Case.Channel.choices])

    use_required_attribute = False

    def __init__(self, asked: dict[str, str], *, by: Membership) -> None:
        super().__init__(initial=asked)
        self._offer("need_item", [("", [ANY]), *item_options(items_by_class())])
        self._offer("estate", [ANY, *((each.code, str(each)) for each in Estate.objects.visible_to(by))])
        self._offer("lead", [ANY, *((each.code, str(each)) for each in Party.objects.visible_to(by))])

    def _offer(self, name: str, options: list[Any]) -> None:
        self.fields[name].widget.choices = options
