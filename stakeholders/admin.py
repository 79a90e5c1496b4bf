"""What administrators keep: places, people, parties and needs. The ledger can be read here, never changed."""

from collections.abc import Sequence
from typing import Any

from allauth.account.admin import EmailAddress, EmailConfirmation
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stakeholders.masking import masked_phone
from stakeholders.models import (
    AccountEvent,
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
    SignInTries,
    Token,
    User,
)
from stakeholders.registers import LASTING
from stakeholders.services.close_party import close_party
from stakeholders.services.note_account_event import note_account_event
from stakeholders.services.open_account import open_account
from stakeholders.services.turn_off_two_factor import turn_off_two_factor
from stakeholders.views.client_address import address_of

ADMINISTRATOR = AccountEvent.How.ADMINISTRATOR

# Addresses of mail are kept with the user, and the secrets of phones are for nobody to look at.
for model in (EmailAddress, EmailConfirmation, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


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
    actions = ["open_again", "turn_off_second_step"]

    @admin.action(description=_("Open again after too many tries"), permissions=["change"])
    def open_again(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        """For who has mistyped the password and cannot wait."""
        count = sum(open_account(each, how=ADMINISTRATOR, address=address_of(request)) for each in accounts)
        self.message_user(request, ngettext("%d account is open again.", "%d accounts are open again.", count) % count)

    @admin.action(description=_("Turn the second step of signing in off"), permissions=["change"])
    def turn_off_second_step(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        """For who has lost phone and recovery codes; see that it is really them."""
        count = sum(turn_off_two_factor(each, how=ADMINISTRATOR, address=address_of(request)) for each in accounts)
        self.message_user(
            request,
            ngettext("%d account needs no second step now.", "%d accounts need no second step now.", count) % count,
        )

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """As ever, and with a line in the log of the account."""
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        response = super().user_change_password(request, id, form_url)
        account = User.objects.get(pk=id)
        if account.password != before:
            note_account_event(
                account, AccountEvent.Kind.PASSWORD_CHANGED, how=ADMINISTRATOR, address=address_of(request)
            )
        return response


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    """Who came and went. A line without an account is a name that is none: what was typed is not kept."""

    list_display = ["at", "account", "kind", "how", "address"]
    list_filter = ["kind", "how"]
    list_select_related = ["account"]
    search_fields = ["account__username", "account__name", "address"]
    show_full_result_count = False


@admin.register(SignInTries)
class SignInTriesAdmin(ReadOnlyAdmin):
    """Whom the door is shut to, or soon will be."""

    list_display = ["account", "address", "count", "last_at", "shut_until"]
    list_select_related = ["account"]
    search_fields = ["account__username", "account__name", "address"]
    actions = ["open_again"]

    @admin.action(description=_("Open again after too many tries"), permissions=["view"])
    def open_again(self, request: HttpRequest, rows: QuerySet[SignInTries]) -> None:
        """The account to all addresses; a name that is no account, to this one."""
        accounts = {row.account for row in rows if row.account}
        count = sum(open_account(each, how=ADMINISTRATOR, address=address_of(request)) for each in accounts)
        rows.filter(account=None).delete()
        self.message_user(request, ngettext("%d account is open again.", "%d accounts are open again.", count) % count)


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
