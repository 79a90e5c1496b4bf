"""What administrators keep: places, people, parties and needs. The ledger can be read here, never changed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stakeholders.masking import masked_phone
from stakeholders.models import (
    Area,
    Building,
    Drift,
    Estate,
    Grid,
    Household,
    Mandate,
    Membership,
    NeedClass,
    NeedItem,
    NeedWord,
    Party,
    Resident,
    Ruling,
    Token,
    User,
)
from stakeholders.registers import LASTING
from stakeholders.services.close_party import close_party


class LastingAdmin(admin.ModelAdmin):
    """Rows that histories name: what tells who or where somebody or something was is given once, when it is added."""

    lasting: Sequence[str] = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Lasting fields can only be filled in on a new row."""
        given = super().get_readonly_fields(request, obj)
        return [*given, *self.lasting] if obj else [*given]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are written by services alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one here."""
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["username", "name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "email"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]


@admin.register(Membership)
class MembershipAdmin(LastingAdmin):
    """Whoever changes party, role or area ends one membership and gets another: the first one has signed for things."""

    lasting = ["user", "party", "role", "area", "grid"]
    list_display = ["user", "party", "role", "area", "grid", "since", "until"]
    list_filter = ["role"]
    list_select_related = ["user", "party", "area", "grid"]
    autocomplete_fields = ["user", "party", "area", "grid"]
    search_fields = ["user__name", "user__username", "party__name"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """Tokens are made where the secret can be shown: on a page, by a command. Here they are watched and revoked."""

    list_display = ["name", "membership", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["membership__user", "membership__party"]
    readonly_fields = ["membership", "name", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A token made here could not be shown."""
        return False


@admin.register(Area)
class AreaAdmin(LastingAdmin):
    list_display = ["code", "name", "name_en"]
    search_fields = ["code", "name"]


@admin.register(Grid)
class GridAdmin(LastingAdmin):
    list_display = ["code", "name", "area"]
    list_select_related = ["area"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["area"]


@admin.register(Estate)
class EstateAdmin(LastingAdmin):
    lasting = LASTING[Estate]
    list_display = ["code", "name", "kind", "area", "property_party"]
    list_filter = ["kind"]
    list_select_related = ["area", "property_party"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["area", "grid", "property_party"]


@admin.register(Building)
class BuildingAdmin(LastingAdmin):
    lasting = LASTING[Building]
    list_display = ["code", "name", "estate", "grid"]
    list_select_related = ["estate", "grid"]
    search_fields = ["code", "name", "estate__name"]
    autocomplete_fields = ["estate", "grid"]


@admin.register(Household)
class HouseholdAdmin(LastingAdmin):
    list_display = ["code", "building", "unit", "room", "kind"]
    list_select_related = ["building"]
    search_fields = ["code"]
    autocomplete_fields = ["building"]


@admin.register(Resident)
class ResidentAdmin(admin.ModelAdmin):
    """Residents are written down here and never shown unmasked; a wrong name or number is deleted and added again."""

    list_display = ["__str__", "household", "masked_phone"]
    list_select_related = ["household"]
    autocomplete_fields = ["household"]
    readonly_fields = ["masked_name", "masked_phone"]

    def get_fields(self, request: HttpRequest, obj: Resident | None = None) -> list[Any]:
        """Whose name and number is known here already is only moved."""
        person = ["masked_name", "masked_phone"] if obj else ["name", "phone"]
        return ["household", *person, "moved_out_at"]

    @admin.display(description=_("name"))
    def masked_name(self, resident: Resident) -> str:
        """The surname alone."""
        return str(resident)

    @admin.display(description=_("phone"))
    def masked_phone(self, resident: Resident) -> str:
        """The number without its middle."""
        return masked_phone(resident.phone)


@admin.register(Party)
class PartyAdmin(LastingAdmin):
    list_display = ["code", "name", "kind", "area", "supervisor", "closed_at"]
    list_filter = ["kind"]
    list_select_related = ["area", "supervisor"]
    search_fields = ["code", "name", "name_en"]
    autocomplete_fields = ["area", "supervisor"]

    def save_model(self, request: HttpRequest, obj: Party, form: Any, change: bool) -> None:
        """Closing a party down changes who answers for what."""
        super().save_model(request, obj, form, change)
        if "closed_at" in form.changed_data:
            close_party(obj, closed_at=obj.closed_at)


@admin.register(NeedClass)
class NeedClassAdmin(LastingAdmin):
    list_display = ["code", "name", "name_en"]


class NeedWordInline(admin.TabularInline):
    model = NeedWord
    extra = 1


@admin.register(NeedItem)
class NeedItemAdmin(LastingAdmin):
    inlines = [NeedWordInline]
    lasting = LASTING[NeedItem]
    list_display = ["code", "name", "name_en", "usual_lead_kind", "urgency"]
    list_filter = ["need_class"]


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    list_display = ["party", "role", "place", "need_item", "need_class", "valid_from", "valid_until", "withdrawn_at"]
    list_select_related = ["party", "area", "estate", "building", "need_item", "need_class"]
    list_filter = ["role"]

    @admin.display(description=_("place"))
    def place(self, mandate: Mandate) -> str:
        """Whichever of the three places is set."""
        return str(mandate.building or mandate.estate or mandate.area)


@admin.register(Drift)
class DriftAdmin(ReadOnlyAdmin):
    list_display = ["estate", "building", "need_item", "found_at", "cleared_at"]
    list_select_related = ["estate", "building", "need_item"]
    list_filter = ["cleared_at"]


@admin.register(Ruling)
class RulingAdmin(ReadOnlyAdmin):
    list_display = ["lead", "need_item", "need_class", "decided_at", "document_no", "withdrawn_at"]
    list_select_related = ["lead", "need_item", "need_class"]
