"""What is sent to add a row to a register; the same, without what is given once, to change one."""

from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import serializers

from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import Instant, Number, Reference, Text
from stakeholders.models import Area, Building, Estate, Grid, Household, NeedClass, NeedItem, Party, Resident
from stakeholders.models.need import Urgency
from stakeholders.registers import LASTING

MOST = 32_767  # what every engine holds in a small integer


class RegisterBody(StrictBody):
    """A row; taken in part it is a change, and has no lasting fields."""

    model: ClassVar[type[Model]]

    def get_fields(self) -> dict[str, Any]:
        """Leave out what cannot be given now."""
        return {name: each for name, each in super().get_fields().items() if not self._is_lasting(name)}

    def refusal_of(self, name: str) -> serializers.ErrorDetail:
        """Tell what never changes from what is not there."""
        if self._is_lasting(name):
            return serializers.ErrorDetail(_("This is given once, when it is added."), code="lasting")
        return super().refusal_of(name)

    def _is_lasting(self, name: str) -> bool:
        return self.partial and name in LASTING[self.model]


class NamedBody(RegisterBody):
    """What has a Chinese name and may have an English one."""

    name = Text(max_length=80)
    name_en = Text(max_length=120, required=False, allow_blank=True)


class AreaBody(NamedBody):
    """A division of 12 digits."""

    model = Area
    code = Text(max_length=12)


class GridBody(RegisterBody):
    """A grid of 15 digits, which begin with those of its community."""

    model = Grid
    code = Text(max_length=15)
    name = Text(max_length=80)
    area = Reference(Area.objects.all())


class EstateBody(NamedBody):
    """An estate."""

    model = Estate
    code = Text(max_length=32)
    kind = serializers.ChoiceField(choices=Estate.Kind.choices)
    area = Reference(Area.objects.all())
    grid = Reference(Grid.objects.all())
    property_party = Reference(Party.objects.all(), required=False, allow_null=True)


class BuildingBody(RegisterBody):
    """A building."""

    model = Building
    code = Text(max_length=40)
    name = Text(max_length=40)
    estate = Reference(Estate.objects.all())
    grid = Reference(Grid.objects.all())


class HouseholdBody(RegisterBody):
    """A dwelling."""

    model = Household
    code = Text(max_length=56)
    building = Reference(Building.objects.select_related("estate"))
    unit = Text(max_length=10, required=False, allow_blank=True)
    room = Text(max_length=10)
    kind = serializers.ChoiceField(choices=Household.Kind.choices)


class ResidentBody(RegisterBody):
    """Somebody who lives in a household; whether somebody has moved out is only ever a change."""

    model = Resident
    household = Reference(Household.objects.select_related("building__estate"))
    name = Text(max_length=40)
    phone = Text(max_length=20, required=False, allow_blank=True)
    moved_out_at = Instant(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Whoever is added lives there."""
        fields = super().get_fields()
        if not self.partial:
            del fields["moved_out_at"]
        return fields


class PartyBody(NamedBody):
    """A body that can answer for a matter."""

    model = Party
    code = Text(max_length=32)
    kind = serializers.ChoiceField(choices=Party.Kind.choices)
    area = Reference(Area.objects.all())
    supervisor = Reference(Party.objects.all(), required=False, allow_null=True)

    def refusal_of(self, name: str) -> serializers.ErrorDetail:
        """Closing down ends duties, and has an address of its own."""
        if name == "closed_at":
            return serializers.ErrorDetail(_("Close a party down by POST to its close/ address."), code="elsewhere")
        return super().refusal_of(name)


class NeedClassBody(NamedBody):
    """A class of need."""

    model = NeedClass
    code = Text(max_length=4)
    position = Number(min_value=0, max_value=MOST)


class NeedItemBody(NamedBody):
    """An item of need."""

    model = NeedItem
    code = Text(max_length=8)
    need_class = Reference(NeedClass.objects.all())
    position = Number(min_value=0, max_value=MOST)
    usual_lead_kind = serializers.ChoiceField(choices=Party.Kind.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    legal_basis = Text(required=False, allow_blank=True)


class CloseBody(StrictBody):
    """Since or from when a party is closed down; now unless given, null where it is not."""

    closed_at = Instant(required=False, allow_null=True)
