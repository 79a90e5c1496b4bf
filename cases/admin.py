"""What administrators keep: rules and the work calendar. Cases and what belongs to them can be read, never changed."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest

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
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.correct_work_calendar import BY_HAND, correct_work_calendar
from stakeholders.admin import ReadOnlyAdmin
from stakeholders.models import User


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
class DeadlineRuleAdmin(admin.ModelAdmin):
    list_display = ["__str__", "clock", "need_class", "need_item", "urgency", "area", "estate", "amount", "unit"]
    list_filter = ["clock", "unit", "urgency"]
    list_select_related = ["need_class", "need_item", "area", "estate"]
    autocomplete_fields = ["area", "estate"]


@admin.register(EscalationRule)
class EscalationRuleAdmin(ReadOnlyAdmin):
    """A step that has fired stays on record as it was; the page of the rules puts another one in its place."""

    list_display = ["__str__", "trigger", "amount", "unit", "action", "is_active"]
    list_filter = ["trigger", "is_active"]


@admin.register(DisputeLevel)
class DisputeLevelAdmin(admin.ModelAdmin):
    list_display = ["position", "name", "name_en", "amount", "unit"]


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):
    list_display = ["text", "action"]
    list_filter = ["action"]


@admin.register(StatutoryRule)
class StatutoryRuleAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "article", "amount", "unit", "extension_amount", "is_active"]


@admin.register(WorkCalendarYear)
class WorkCalendarYearAdmin(admin.ModelAdmin):
    list_display = ["year", "status", "source", "updated_at"]
    fields = ["year", "status"]

    def save_model(self, request: HttpRequest, obj: WorkCalendarYear, form: Any, change: bool) -> None:
        """Confirm the year, or put it back; the person is the source, so that no later seeding changes it again."""
        if obj.status == WorkCalendarYear.Status.CONFIRMED and "status" in form.changed_data:
            confirm_work_calendar_year(obj, by=cast(User, request.user))
            return
        obj.source = f"{BY_HAND}: {request.user}"
        super().save_model(request, obj, form, change)


@admin.register(WorkCalendarDay)
class WorkCalendarDayAdmin(admin.ModelAdmin):
    list_display = ["date", "kind", "name", "source"]
    list_filter = ["kind"]
    date_hierarchy = "date"
    fields = ["date", "kind", "name"]
    actions = None  # days are removed one by one, through the service

    def save_model(self, request: HttpRequest, obj: WorkCalendarDay, form: Any, change: bool) -> None:
        """Correct the calendar."""
        correct_work_calendar(obj, by=cast(User, request.user))

    def delete_model(self, request: HttpRequest, obj: WorkCalendarDay) -> None:
        """Correct the calendar."""
        correct_work_calendar(obj, by=cast(User, request.user), remove=True)


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
