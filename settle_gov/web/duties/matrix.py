"""The responsibility matrix: every estate and every item, and who answers on a day."""

from datetime import date

from django.core.paginator import Page
from django.db.models import Min
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from settle_gov.web.duties.forms import MatrixForm
from settle_gov.web.duties.gap_pages import count_by_state
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.months import axis
from settle_gov.web.duties.scope import areas_of, estates_of
from settle_gov.web.duties.table import Row, table
from stakeholders import ledger
from stakeholders.models import Episode, Mandate, Membership, NeedItem, Ruling
from stakeholders.policies import can_keep_duties, can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required

COMMUNITY = 12  # digits of its code that matter


@require_safe
@member_required
def matrix(request: MemberRequest) -> HttpResponse:
    """Draw the matrix of a day; what makes no sense in the address is named, and today stands in for it."""
    require(can_see_duties(request.membership))
    visible = list(estates_of(request.membership))
    form = MatrixForm(request.GET, areas=areas_of(visible, request.membership))
    form.is_valid()
    estates = [each for each in visible if form.chosen_area is None or form.chosen_area.contains(each.area_id)]
    items = list(NeedItem.objects.select_related("need_class").order_by("need_class__position", "position"))
    cells = ledger.matrix(estates, items, form.moment, form.known_moment) if estates and items else []
    opened = Case.objects.visible_to(request.membership).open().filter(estate__in=estates, need_item__isnull=False)
    is_today = form.day is None  # cases are known as they are now, and are no matter of another day
    hot = set(opened.order_by().values_list("estate_id", "need_item_id").distinct()) if is_today else set()
    register, gaps = _register(form, request.membership)
    drawn = table(cells, items, hot=hot, folded=form.folded, only=form.mark, page=form.page_number)
    context = {
        "form": form,
        "table": drawn,
        "axis": axis(estates, form.shown_day),
        "legend": [(mark, drawn.counts[mark]) for mark in Mark],
        "gaps": gaps,
        "first_record": _first_record(form, request.membership),
        "estates": len(estates),
        "items": len(items),
        "cells": len(estates) * len(items),
        "kept": form.kept,
        "register": register,
        "pages": _pages(request.path, form.kept, drawn.shown),
        "may_keep": can_keep_duties(request.membership),
    }
    return render(request, "duties/matrix.html", context, status=422 if form.errors else 200)


def _register(form: MatrixForm, by: Membership) -> tuple[str, int | None]:
    """The gap register of the same day and place, and how many gaps it counts.

    It knows communities, and nothing of what was known when: of another day of knowing it has no count.
    """
    asked, gaps = form.kept, Episode.objects.visible_to(by).open_at(form.moment)
    for name in asked.keys() - {"at", "area"}:
        del asked[name]
    if form.chosen_area and len(form.chosen_area.prefix) < COMMUNITY:
        del asked["area"]
    elif form.chosen_area:
        gaps = gaps.filter(estate__area=form.chosen_area)
    address = f"{reverse('duties:gaps')}?{asked.urlencode()}" if asked else reverse("duties:gaps")
    return address, None if form.known_moment else sum(count_by_state(gaps).values())


def _first_record(form: MatrixForm, by: Membership) -> date | None:
    """On which day the first record begins, where the day shown lies before it and nothing could be known of it."""
    if form.shown_day >= timezone.localdate():
        return None
    records = [each.objects.known_on(form.known_moment).visible_to(by) for each in (Mandate, Ruling)]
    begun = [first for each in records if (first := each.aggregate(first=Min("valid_from"))["first"])]
    return timezone.localdate(min(begun)) if begun and form.moment < min(begun) else None


def _pages(path: str, kept: QueryDict, shown: Page[Row]) -> dict[str, str]:
    """The addresses of the pages before and after; none where there is no such page."""
    return {
        "previous": _address(path, kept, shown.previous_page_number()) if shown.has_previous() else "",
        "next": _address(path, kept, shown.next_page_number()) if shown.has_next() else "",
    }


def _address(path: str, kept: QueryDict, page: int) -> str:
    asked = kept.copy()
    asked["page"] = str(page)
    return f"{path}?{asked.urlencode()}"
