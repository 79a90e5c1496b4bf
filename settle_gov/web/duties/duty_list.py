"""Duty lists: send one, see what it would change, record it, and have the rows back that did not pass."""

from io import BytesIO
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from settle_gov.web.duties.changes import groups_of
from spreadsheets.csv_table import write_csv
from spreadsheets.xlsx_table import write_xlsx
from stakeholders.duty_list.columns import template_rows
from stakeholders.duty_list.limits import LIST_ROWS
from stakeholders.duty_list.read import read_duties
from stakeholders.models import DutyList
from stakeholders.policies import can_keep_duties, require
from stakeholders.service_form import ServiceForm
from stakeholders.services.keep_duty_list import keep_duty_list
from stakeholders.services.record_duty_list import record_duty_list
from stakeholders.views.member import MemberRequest, member_required
from stakeholders.what_if import Effect

LATEST = 50  # earlier lists under the form
SHOWN = 100  # refused rows; the file has them all
LINES = 300  # of changes
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
KINDS = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class SendForm(ServiceForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Duty list"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}), allow_empty_file=True
    )


class RecordForm(ServiceForm):
    """What came out of the dry run that was looked at."""

    outcome = forms.CharField(widget=forms.HiddenInput, max_length=64)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def send(request: MemberRequest) -> HttpResponse:
    """Take a list and show what it would change; below the form stand the lists that came before."""
    require(can_keep_duties(request.membership))
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.submit(keep_duty_list, by=request.membership):
        return redirect("duties:import-list", reference=form.result.reference)
    context = {
        "form": form,
        "limit": filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        "most_rows": f"{LIST_ROWS:,}",
        "earlier": DutyList.objects.visible_to(request.membership).for_list()[:LATEST],
    }
    return render(request, "duties/import.html", context, status=_status(form))


def _status(form: SendForm) -> int:
    if form.has_error("file", "too_large"):
        return 413
    return 422 if form.is_bound else 200


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def show(request: MemberRequest, reference: UUID) -> HttpResponse:
    """Show what a list would change, and record it where that is still so."""
    duty_list = _visible(request, reference)
    form = RecordForm(request.POST if request.method == "POST" else None)
    if form.submit(record_duty_list, duty_list, by=request.membership):
        added = len(form.result.good)
        words = ngettext("%(count)d duty is recorded.", "%(count)d duties are recorded.", added)
        messages.success(request, words % {"count": added})
        return redirect("duties:import-list", reference=duty_list.reference)
    if form.is_bound:
        duty_list = _visible(request, reference)  # somebody may have recorded it meanwhile
    context = {"duty_list": duty_list, "form": form, **_read(request, duty_list)}
    return render(request, "duties/import_list.html", context, status=409 if form.is_bound else 200)


def _read(request: MemberRequest, duty_list: DutyList) -> dict[str, Any]:
    """The dry run as it comes out now; of a list that is recorded only the rows that do not pass."""
    report = read_duties(BytesIO(duty_list.content), name=duty_list.name, by=request.membership)
    shown = {"report": report, "refused": report.refusals[:SHOWN], "refused_more": len(report.refusals) - SHOWN}
    if duty_list.recorded_at is not None:
        return shown
    groups, more = groups_of(report.changes, most=LINES)
    effects = [(effect, report.effects[effect]) for effect in Effect]
    return shown | {"groups": groups, "more": more, "effects": effects}


@require_safe
@member_required
def refused(request: MemberRequest, reference: UUID) -> HttpResponse:
    """Give the rows back that do not pass, in a file like the one that was sent."""
    duty_list = _visible(request, reference)
    target = BytesIO()
    read_duties(BytesIO(duty_list.content), name=duty_list.name, by=request.membership).write_refused(target)
    name = PurePath(duty_list.name)
    return _file(target.getvalue(), f"{name.stem}.refused{name.suffix}")


@require_safe
@member_required
def original(request: MemberRequest, reference: UUID) -> HttpResponse:
    """Give a list back as it was sent."""
    duty_list = _visible(request, reference)
    return _file(bytes(duty_list.content), duty_list.name)


@require_safe
@member_required
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """Give an empty list with its header and an example in words."""
    require(can_keep_duties(request.membership))
    if kind not in WRITERS:
        raise Http404
    target = BytesIO()
    WRITERS[kind](target, template_rows())
    return _file(target.getvalue(), f"{_('duty list')}.{kind}")


def _visible(request: MemberRequest, reference: UUID) -> DutyList:
    require(can_keep_duties(request.membership))
    visible = DutyList.objects.visible_to(request.membership).select_related("uploaded_by__user")
    return get_object_or_404(visible, reference=reference)


def _file(content: bytes, name: str) -> HttpResponse:
    kind = KINDS.get(PurePath(name).suffix.lower(), "application/octet-stream")
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
