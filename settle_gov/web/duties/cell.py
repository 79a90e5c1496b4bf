"""One cell of the matrix: who answers for one item at one estate, on which papers, and where buildings differ."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from cases.forms.choices import place_key
from cases.models.case import is_overdue
from settle_gov.web.duties.look import Look, look_at
from settle_gov.web.duties.rule import Desk
from stakeholders.filters import MOST_CODES
from stakeholders.models import Membership
from stakeholders.policies import can_keep_duties_at, can_see_duties, require
from stakeholders.roles import Permission
from stakeholders.views.member import MemberRequest, member_required

SHOWN_CASES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def cell(request: MemberRequest, estate_code: str, item_code: str) -> HttpResponse:
    """Show one cell on a day; who keeps the ledger rules on it here, as it stands today.

    What makes no sense in the address is named, and what is usual stands in for it. A ruling that is only previewed
    shows the page again, with what would happen.
    """
    by = request.membership
    require(can_see_duties(by))
    look = look_at(request, estate_code, item_code)
    may_keep = can_keep_duties_at(by, look.estate.area_id)
    if request.method != "POST":
        desk = Desk(look, by) if may_keep and look.form.is_today else None
        return _page(request, look, desk, status=422 if look.form.errors else 200)
    require(may_keep and look.form.is_today)
    desk = Desk(look, by, request.POST.dict())
    if desk.press():
        messages.success(request, desk.done_words)
        return redirect(request.get_full_path())
    return _page(request, look, desk, status=422 if desk.form.is_bound else 200)


def _page(request: MemberRequest, look: Look, desk: Desk | None, *, status: int) -> HttpResponse:
    context = {**_context(look, request.membership), "desk": desk}
    return render(request, "duties/cell.html", context, status=status)


def _context(look: Look, by: Membership) -> dict[str, Any]:
    here, late = look.is_here, is_overdue(timezone.now())
    return {
        "look": look,
        "form": look.form,
        "kept": look.form.kept,
        "estate": look.estate,
        "item": look.item,
        "places": look.places,
        "past": look.stretches,
        "cases": look.cases(by).for_list()[:SHOWN_CASES],
        "counts": look.cases_of_the_estate(by).aggregate(
            open=Count("pk", filter=here), overdue=Count("pk", filter=here & late), of_the_estate=Count("pk")
        ),
        "cases_url": _cases_url(look),
        "estate_cases_url": _list_url(estate=look.estate.code, need_item=look.item.code),
        "sees_area": by.allows(Permission.SEE_AREA),
        "may_keep": can_keep_duties_at(by, look.estate.area_id),
        "kept_areas": {code for code in look.papers.areas if can_keep_duties_at(by, code)},
    }


def _cases_url(look: Look) -> str:
    """The list of the open cases that hang on the places of the heading."""
    if look.is_of_all_places or len(look.spots) > MOST_CODES:
        return _list_url(estate=look.estate.code, need_item=look.item.code)
    places = ",".join(place_key(spot.building or look.estate) for spot in look.spots)
    return _list_url(place=places, need_item=look.item.code)


def _list_url(**asked: str) -> str:
    return f"{reverse('cases:list')}?{urlencode({**asked, 'open': 'true'})}"
