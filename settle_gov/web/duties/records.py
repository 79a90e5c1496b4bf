"""Recording a duty, ending one, and taking back what was written down wrongly: a small page for each."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from settle_gov.web.duties.papers import Paper
from settle_gov.web.duties.record_forms import EndForm, RecordForm, WithdrawForm, end_of
from settle_gov.web.return_to import page_of_ours, return_to
from stakeholders.models import Estate, Mandate, Membership, NeedItem, Party, Ruling
from stakeholders.models.mandate import LedgerQuerySet, LedgerRecord
from stakeholders.policies import can_keep_duties, can_keep_duties_at, require
from stakeholders.service_form import ServiceForm
from stakeholders.services.end_mandate import end_mandate
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
from stakeholders.services.withdraw_ruling import withdraw_ruling
from stakeholders.views.member import MemberRequest, member_required
from stakeholders.what_if import Draft, Effect, changes_of

Record = TypeVar("Record", bound=LedgerRecord)
Named = TypeVar("Named", Estate, NeedItem)


@dataclass(frozen=True)
class Sheet:
    """What a small page says: what it does, about which paper, and what will happen."""

    title: str
    note: str
    paper: Paper | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def record(request: MemberRequest) -> HttpResponse:
    """Write down a duty; the address may name the estate and the item that it is about."""
    by = request.membership
    require(can_keep_duties(by))
    estate = _asked(Estate.objects.visible_to(by), request.GET.get("estate", ""))
    item = _asked(NeedItem.objects.all(), request.GET.get("item", ""))
    form = RecordForm(_typed(request), by=by, estate=estate, item=item)
    if form.submit(record_mandate, by=by):
        return _done(request, _("Recorded what {} answers for; the matrix shows it."), form.result.party)
    sheet = Sheet(_("Record a duty"), _("Other duties stay as they are; where two parties lead, the matrix shows it."))
    back = reverse("duties:cell", args=[estate.code, item.code]) if estate and item else reverse("duties:matrix")
    return _page(request, sheet, form, back)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """End a duty on a day."""
    mandate = _get(Mandate.objects.with_scope().select_related("party"), pk, request.membership)
    form = EndForm(_typed(request))
    if form.submit(end_mandate, mandate, by=request.membership):
        return _done(request, _("The duty of {} ends on the day you gave."), mandate.party)
    paper = Paper(mandate, timezone.now())
    tomorrow = end_of(timezone.localdate())
    effect = _("If it ends today: %(effect)s") % {"effect": _without(paper, request.membership, tomorrow)}
    note = _("Until that day nothing changes. That no end was foreseen until now stays known.")
    return _page(request, Sheet(_("End the duty"), f"{note} {effect}", paper), form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back a duty that was recorded wrongly."""
    mandate = _get(Mandate.objects.with_scope().select_related("party"), pk, request.membership)
    form = WithdrawForm(_typed(request))
    if form.submit(withdraw_mandate, mandate, by=request.membership):
        return _done(request, _("The duty of {} is withdrawn; it can still be read."), mandate.party)
    paper = Paper(mandate, timezone.now())
    note = _("It then counts as if it had never held. That it was written here until now stays known.")
    effect = _without(paper, request.membership, paper.felt_at)
    return _page(request, Sheet(_("Withdraw the record"), f"{note} {effect}", paper), form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw a ruling: a wider one or the mandates decide again."""
    ruling = _get(Ruling.objects.with_scope().select_related("lead"), pk, request.membership)
    form = WithdrawForm(_typed(request))
    if form.submit(withdraw_ruling, ruling, by=request.membership):
        return _done(request, _("The ruling for {} is withdrawn; it can still be read."), ruling.lead)
    note = _("A wider ruling or the duties decide again from now on. Cases that were handed over stay where they are.")
    paper = Paper(ruling, timezone.now())
    effect = _without(paper, request.membership, paper.felt_at)
    return _page(request, Sheet(_("Withdraw the ruling"), f"{note} {effect}", paper), form)


def _asked(known: QuerySet[Named], code: str) -> Named | None:
    """What a code in the address names, if anything: no code holds a NUL, which PostgreSQL would not even look for."""
    return None if "\0" in code else known.filter(code=code).first()


def _typed(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _get(records: LedgerQuerySet[Record], pk: int, by: Membership) -> Record:
    """Find a record: 404 for what the actor does not see, 403 for what is kept by others."""
    found = get_object_or_404(records.visible_to(by), pk=pk)
    require(can_keep_duties_at(by, found.area_code))
    return found


def _without(paper: Paper, by: Membership, at: datetime) -> str:
    """Say how cells would stand at an instant without a paper."""
    if paper.record.withdrawn_at is not None:
        return ""
    taken_out = frozenset({paper.record.pk})
    draft = Draft(without_rulings=taken_out) if paper.is_ruling else Draft(without=taken_out)
    changes = changes_of(draft, at=at, also=[paper.scope], among=Estate.objects.visible_to(by))
    counts = Counter(change.effect for change in changes)
    opened, closed = counts[Effect.OPENED], counts[Effect.CLOSED]
    others = len(changes) - opened - closed
    told = [
        (opened, ngettext("%(count)d cell then has a gap.", "%(count)d cells then have a gap.", opened)),
        (closed, ngettext("%(count)d gap then ends.", "%(count)d gaps then end.", closed)),
        (others, ngettext("%(count)d cell then has others.", "%(count)d cells then have others.", others)),
    ]
    words = " ".join(words % {"count": count} for count, words in told if count)
    return words or _("No cell would stand otherwise.")


def _done(request: MemberRequest, words: str, party: Party) -> HttpResponse:
    messages.success(request, format_html(words, format_html("<b>{}</b>", party)))
    return redirect(return_to(request))


def _page(request: MemberRequest, sheet: Sheet, form: ServiceForm, back: str = "") -> HttpResponse:
    asked = request.POST if form.is_bound else request.GET
    came_from = page_of_ours(request, asked.get("next", ""))
    context = {"sheet": sheet, "form": form, "back": came_from or back or reverse("duties:matrix")}
    return render(request, "duties/record.html", context, status=422 if form.is_bound else 200)
