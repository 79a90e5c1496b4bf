"""What administrators keep for the whole installation. Cases and what belongs to them can be read, never changed."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Case,
    CaseEvent,
    DeadlineRule,
    DisputeLevel,
    Escalation,
    EscalationRule,
    Finding,
    JobFault,
    JobRun,
    Mail,
    ReplyTemplate,
    StatutoryRule,
    WorkCalendarDay,
    WorkCalendarYear,
)
from cases.policies import FOR_ALL, can_keep_for_all
from cases.services.correct_work_calendar import correct_work_calendar
from stakeholders.admin import ReadOnlyAdmin
from stakeholders.models import Membership


class ForAllAdmin(admin.ModelAdmin):
    """What holds for the whole installation: written here by those who may do so on the pages, and read by others.

    Django's own permissions count, too. Who acts is the membership that was chosen on the pages.
    """

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say why nothing can be written, where that is so."""
        if not _keeps_for_all(request):
            messages.info(request, FOR_ALL)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask the one policy."""
        return super().has_add_permission(request) and _keeps_for_all(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the one policy."""
        return super().has_change_permission(request, obj) and _keeps_for_all(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the one policy."""
        return super().has_delete_permission(request, obj) and _keeps_for_all(request)


def _acting(request: HttpRequest) -> Membership | None:
    return cast("Membership | None", vars(request).get("membership"))  # as `MembershipMiddleware` has set it


def _keeps_for_all(request: HttpRequest) -> bool:
    acting = _acting(request)
    return acting is not None and can_keep_for_all(acting)


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "stage", "responsibility", "lead", "resolve_due_at"]
    list_filter = ["stage", "responsibility", "channel"]
    list_select_related = ["lead"]
    search_fields = ["number", "title"]
    show_full_result_count = False
    exclude = ["reporter_name", "reporter_phone", "search_text"]  # personal; the page of the case shows it masked


@admin.register(CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin):
    list_display = ["case", "seq", "kind", "at", "by", "published_at"]
    list_select_related = ["case", "by__user", "by__party"]
    show_full_result_count = False


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ["case", "kind", "since", "opened_at", "cleared_at"]
    list_filter = ["kind"]
    list_select_related = ["case"]
    show_full_result_count = False


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ["case", "rule", "cycle", "due_at", "fired_at", "cancelled_at"]
    list_select_related = ["case", "rule"]
    show_full_result_count = False


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(ReadOnlyAdmin):
    """The page of the rules asks who keeps one where it holds, and refuses two that hold for the same."""

    list_display = ["__str__", "clock", "need_class", "need_item", "urgency", "area", "estate", "amount", "unit"]
    list_filter = ["clock", "unit", "urgency"]
    list_select_related = ["need_class", "need_item", "area", "estate"]


@admin.register(EscalationRule)
class EscalationRuleAdmin(ReadOnlyAdmin):
    """A step that has fired stays on record as it was; the page of the rules puts another one in its place."""

    list_display = ["__str__", "trigger", "amount", "unit", "action", "is_active"]
    list_filter = ["trigger", "is_active"]


@admin.register(DisputeLevel)
class DisputeLevelAdmin(ForAllAdmin):
    list_display = ["position", "name", "name_en", "amount", "unit"]


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):
    list_display = ["text", "action"]
    list_filter = ["action"]


@admin.register(StatutoryRule)
class StatutoryRuleAdmin(ForAllAdmin):
    list_display = ["code", "name", "article", "amount", "unit", "extension_amount", "is_active"]


@admin.register(WorkCalendarYear)
class WorkCalendarYearAdmin(ReadOnlyAdmin):
    """The page of the work calendar confirms a year, and takes that back."""

    list_display = ["year", "status", "told_source", "updated_at"]
    fields = ["year", "status", "told_source"]
    readonly_fields = ["told_source"]

    @admin.display(description=_("source"))
    def told_source(self, year: WorkCalendarYear) -> str:
        """The source in words."""
        return year.source_words


@admin.register(WorkCalendarDay)
class WorkCalendarDayAdmin(ForAllAdmin):
    list_display = ["date", "kind", "name", "told_source"]
    list_filter = ["kind"]
    date_hierarchy = "date"
    fields = ["date", "kind", "name"]
    actions = None  # days are removed one by one, through the service

    @admin.display(description=_("source"))
    def told_source(self, day: WorkCalendarDay) -> str:
        """The source in words."""
        return day.source_words

    def save_model(self, request: HttpRequest, obj: WorkCalendarDay, form: Any, change: bool) -> None:
        """Correct the calendar."""
        correct_work_calendar(obj, by=cast(Membership, _acting(request)))

    def delete_model(self, request: HttpRequest, obj: WorkCalendarDay) -> None:
        """Correct the calendar."""
        correct_work_calendar(obj, by=cast(Membership, _acting(request)), remove=True)

    def log_addition(self, *noted: Any) -> None:  # type: ignore[override]  # nobody asks for the entry
        """The service has noted it."""

    def log_change(self, *noted: Any) -> None:  # type: ignore[override]  # nobody asks for the entry
        """The service has noted it."""

    def log_deletions(self, *noted: Any) -> None:  # type: ignore[override]  # nobody asks for the entry
        """The service has noted it."""


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ["name", "last_started_at", "last_finished_at", "seconds", "did", "runs", "failures"]


@admin.register(JobFault)
class JobFaultAdmin(ReadOnlyAdmin):
    list_display = ["name", "since", "found_at", "cleared_at"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "address", "created_at", "due_at", "sent_at", "tries", "given_up_at", "last_error"]
    list_filter = [("given_up_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter)]
    show_full_result_count = False
