"""Addresses of cases in the API."""

from typing import Any

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from rest_framework.routers import SimpleRouter

from cases.api.actions import DEEDS, ActOnCase
from cases.api.beside import (
    CaseAttachment,
    CaseAttachments,
    CaseCustody,
    CaseDisputes,
    CaseEscalations,
    CaseEvents,
    CaseFindings,
    CaseStances,
    CaseTimeRequests,
    CaseTimers,
    FindingViewSet,
)
from cases.api.bulk import BulkJobDetail, BulkJobs, BulkRows
from cases.api.cases import CaseViewSet
from cases.api.changes import Changes
from cases.api.dry_run import DryRun
from cases.api.explain import ExplainCase
from cases.api.handoffs import Handoffs
from cases.api.imports import ImportErrors, ImportRefusedRows, Imports, OneImport, StartImport
from cases.api.rules import DeadlineRules, EscalationRules
from cases.api.rulings import Rulings
from cases.api.statistics import Statistics
from cases.api.webhooks import Deliveries, Redeliver, Webhooks
from cases.api.what_if import WhatIf
from cases.api.work_calendar import (
    ConfirmWorkCalendarYear,
    CorrectWorkCalendar,
    WithdrawWorkCalendarYear,
    WorkCalendarOfYear,
)
from stakeholders.api.forms import FormParser


class CaseNumber(StringConverter):
    """The characters that a case number has, and no others."""

    regex = "[A-Z0-9-]{1,24}"


register_converter(CaseNumber, "case_number")

router = SimpleRouter()
router.register("rulings", Rulings, "ruling")
router.register("deadline-rules", DeadlineRules, "deadline-rule")
router.register("escalation-rules", EscalationRules, "escalation-rule")

AS_FORM = [*CaseViewSet.parser_classes, FormParser]  # with photos
LIST: dict[str, Any] = {"get": "list"}
LIST_AND_NEW: dict[str, Any] = {"get": "list", "post": "create"}
# cases/<number>/
one_case = "cases/<case_number:number>/"
urlpatterns = [
    path("cases/", CaseViewSet.as_view(LIST_AND_NEW, detail=False, parser_classes=AS_FORM), name="cases"),
    path(one_case, CaseViewSet.as_view({"get": "retrieve", "patch": "partial_update"}, detail=True), name="case"),
    path(f"{one_case}events/", CaseEvents.as_view(LIST), name="case-events"),
    path(f"{one_case}custody/", CaseCustody.as_view(LIST), name="case-custody"),
    path(f"{one_case}findings/", CaseFindings.as_view(LIST), name="case-findings"),
    path(f"{one_case}escalations/", CaseEscalations.as_view(LIST), name="case-escalations"),
    path(f"{one_case}stances/", CaseStances.as_view(LIST), name="case-stances"),
    path(f"{one_case}disputes/", CaseDisputes.as_view(LIST), name="case-disputes"),
    path(f"{one_case}time_requests/", CaseTimeRequests.as_view(LIST), name="case-time-requests"),
    path(f"{one_case}timers/", CaseTimers.as_view(LIST), name="case-timers"),
    path(f"{one_case}attachments/", CaseAttachments.as_view(LIST), name="case-attachments"),
    path(
        f"{one_case}attachments/<int:pk>/",
        CaseAttachment.as_view({"get": "retrieve"}, detail=True),
        name="case-attachment",
    ),
    path(f"{one_case}explain/", ExplainCase.as_view(), name="case-explain"),
    *(
        path(
            f"{one_case}{action}/",
            ActOnCase.as_view(deed=action, parser_classes=deed.parsers),
            name=f"case-{action}",
        )
        for action, deed in DEEDS.items()
    ),
    path("bulk/", BulkJobs.as_view(), name="bulk-jobs"),
    path("bulk/<int:pk>/", BulkJobDetail.as_view(), name="bulk-job"),
    path("bulk/<int:pk>/rows/", BulkRows.as_view(LIST, detail=False), name="bulk-rows"),
    path("changes/", Changes.as_view(), name="changes"),
    path("coverage/what-if/", WhatIf.as_view(), name="what-if"),
    path("findings/", FindingViewSet.as_view(LIST, detail=False), name="findings"),
    path("findings/<int:pk>/", FindingViewSet.as_view({"get": "retrieve"}, detail=True), name="finding"),
    path("handoffs/", Handoffs.as_view(), name="handoffs"),
    path("imports/", Imports.as_view(LIST_AND_NEW, detail=False), name="imports"),
    path("imports/<int:pk>/", OneImport.as_view(), name="import"),
    path("imports/<int:pk>/start/", StartImport.as_view(), name="import-start"),
    path("imports/<int:pk>/errors/", ImportErrors.as_view(LIST, detail=False), name="import-errors"),
    path("imports/<int:pk>/refused-rows/", ImportRefusedRows.as_view(), name="import-refused-rows"),
    path("statistics/", Statistics.as_view(), name="statistics"),
    path("webhooks/", Webhooks.as_view(LIST_AND_NEW, detail=False), name="webhooks"),
    path(
        "webhooks/<int:pk>/",
        Webhooks.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}, detail=True),
        name="webhook",
    ),
    path("webhooks/<int:pk>/deliveries/", Deliveries.as_view(LIST), name="webhook-deliveries"),
    path(
        "webhooks/<int:pk>/deliveries/<uuid:delivery>/redeliver/",
        Redeliver.as_view(),
        name="webhook-redeliver",
    ),
    path("escalation-rules/dry-run/", DryRun.as_view(), name="dry-run"),
    path("work-calendar/", WorkCalendarOfYear.as_view(), name="work-calendar"),
    path("work-calendar/<str:date>/", CorrectWorkCalendar.as_view(), name="work-calendar-day"),
    path("work-calendar/<int:year>/confirm/", ConfirmWorkCalendarYear.as_view(), name="work-calendar-confirm"),
    path("work-calendar/<int:year>/withdraw/", WithdrawWorkCalendarYear.as_view(), name="work-calendar-withdraw"),
    *router.urls,
]
