"""What the API says about places, parties, needs and duties: the field names are the contract."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stakeholders.api.fields import Code
from stakeholders.coverage import SEVERITY, State
from stakeholders.ledger import MatrixCell
from stakeholders.masking import masked_name, masked_phone
from stakeholders.models import (
    Area,
    Building,
    Episode,
    Estate,
    Grid,
    Household,
    Mandate,
    NeedClass,
    NeedItem,
    Party,
    Resident,
    Revealing,
    Ruling,
)
from stakeholders.models.area import AREA_LEVELS


class AreaSerializer(serializers.ModelSerializer[Area]):
    """A division; `level` says how far down: province, city, county, town or community."""

    LEVELS = dict(zip(AREA_LEVELS, ("province", "city", "county", "town", "community"), strict=True))

    level = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = ["code", "name", "name_en", "level"]

    def get_level(self, area: Area) -> str:
        """Read off the code."""
        return self.LEVELS[len(area.prefix)]


class GridSerializer(serializers.ModelSerializer[Grid]):
    """The patch of one grid worker."""

    class Meta:
        model = Grid
        fields = ["code", "name", "area"]


class EstateSerializer(serializers.ModelSerializer[Estate]):
    """An estate; its common area is a place of its own beside the buildings."""

    property_party = Code(allow_null=True)
    common_area = serializers.SerializerMethodField()

    class Meta:
        model = Estate
        fields = ["code", "name", "name_en", "kind", "area", "grid", "property_party", "common_area"]

    def get_common_area(self, estate: Estate) -> bool:
        """Every estate has one."""
        return True


class BuildingSerializer(serializers.ModelSerializer[Building]):
    """One building of an estate."""

    estate = Code()

    class Meta:
        model = Building
        fields = ["code", "name", "estate", "grid"]


class HouseholdSerializer(serializers.ModelSerializer[Household]):
    """A dwelling."""

    building = Code()

    class Meta:
        model = Household
        fields = ["code", "building", "unit", "room", "kind"]


class ResidentSerializer(serializers.ModelSerializer[Resident]):
    """Somebody who lives in a household, as all may see them."""

    household = Code()
    name = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Resident
        fields = ["id", "household", "name", "phone", "moved_out_at"]

    def get_name(self, resident: Resident) -> str:
        """The surname alone."""
        return masked_name(resident.name)

    def get_phone(self, resident: Resident) -> str:
        """The number without its middle."""
        return masked_phone(resident.phone)


class RevealedResidentSerializer(serializers.ModelSerializer[Resident]):
    """The same in full, for who has said why."""

    household = Code()

    class Meta:
        model = Resident
        fields = ["id", "household", "name", "phone", "moved_out_at"]


class RevealingSerializer(serializers.ModelSerializer[Revealing]):
    """Who looked a resident up, for which party, and why; the resident is a number, and may be removed by now."""

    resident = serializers.IntegerField(source="resident_id")
    user = serializers.CharField(source="by.user.username")
    party = serializers.CharField(source="by.party.code")

    class Meta:
        model = Revealing
        fields = ["id", "resident", "user", "party", "reason", "at"]


class PartySerializer(serializers.ModelSerializer[Party]):
    """A body that can answer for a matter."""

    supervisor = Code(allow_null=True)

    class Meta:
        model = Party
        fields = ["code", "name", "name_en", "kind", "area", "supervisor", "closed_at"]


class NeedClassSerializer(serializers.ModelSerializer[NeedClass]):
    """A class of need."""

    class Meta:
        model = NeedClass
        fields = ["code", "name", "name_en", "position"]


class NeedItemSerializer(serializers.ModelSerializer[NeedItem]):
    """One item of need."""

    need_class = Code()

    class Meta:
        model = NeedItem
        fields = ["code", "name", "name_en", "need_class", "position", "usual_lead_kind", "urgency", "legal_basis"]


class MandateSerializer(serializers.ModelSerializer[Mandate]):
    """What a party answers for; a scope field that is null does not limit it."""

    party = Code()
    estate = Code(allow_null=True)
    building = Code(allow_null=True)
    need_class = Code(allow_null=True)
    need_item = Code(allow_null=True)

    class Meta:
        model = Mandate
        fields = [
            "id",
            "party",
            "role",
            "area",
            "estate",
            "building",
            "need_class",
            "need_item",
            "valid_from",
            "valid_until",
            "basis",
            "evidence",
            "recorded_at",
            "withdrawn_at",
        ]


class RulingSerializer(serializers.ModelSerializer[Ruling]):
    """Who leads for a scope, by decision; `case` is null in a ruling on a scope, and there is no other kind yet."""

    case = serializers.SerializerMethodField()
    lead = Code()
    estate = Code(allow_null=True)
    building = Code(allow_null=True)
    need_class = Code(allow_null=True)
    need_item = Code(allow_null=True)

    class Meta:
        model = Ruling
        fields = [
            "id",
            "case",
            "lead",
            "area",
            "estate",
            "building",
            "need_class",
            "need_item",
            "valid_from",
            "valid_until",
            "decided_at",
            "withdrawn_at",
            "reason",
            "document_no",
        ]

    @extend_schema_field({"type": "null"})
    def get_case(self, ruling: Ruling) -> None:
        """Rulings are on scopes."""


class MatrixCellSerializer(serializers.Serializer[Any]):
    """An estate and an item: the worst state of its places, how many of them are in each, and if a ruling decides."""

    estate = Code()
    need_item = Code(source="item")
    state = serializers.CharField()
    counts = serializers.SerializerMethodField()
    ruled = serializers.BooleanField(source="is_ruled")

    def get_counts(self, cell: MatrixCell) -> dict[State, int]:
        """All four states, worst first."""
        return {state: cell.counts[state] for state in SEVERITY}


class EpisodeSerializer(serializers.ModelSerializer[Episode]):
    """A stretch in which not exactly one party led. A null building is the common area; null is open at that end."""

    estate = Code()
    building = Code(allow_null=True)
    need_item = Code()
    parties = Code(many=True)

    class Meta:
        model = Episode
        fields = ["id", "estate", "building", "need_item", "state", "parties"]

    def get_fields(self) -> dict[str, Any]:
        """Add the time, half of which has a word of Python as its name."""
        return super().get_fields() | {
            "from": serializers.DateTimeField(source="since", allow_null=True),
            "until": serializers.DateTimeField(allow_null=True),
        }
