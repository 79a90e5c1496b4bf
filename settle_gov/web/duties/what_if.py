"""Trying out: duties that nobody has recorded, and what they would change. Nothing is saved."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cases.what_if_cases import cases_of_last_quarter
from settle_gov.web.duties.draft_forms import Drafts, problems_of
from settle_gov.web.duties.draft_offer import Offer
from settle_gov.web.duties.outcome import outcome_of
from stakeholders.drafts import draft_of
from stakeholders.models import Estate, Membership
from stakeholders.policies import can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required
from stakeholders.what_if import changes_of

SHOWN = 20  # cases, and rows of a file that cannot be used


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def what_if(request: MemberRequest) -> HttpResponse:
    """Take one more row each time, and show what all rows together would change.

    The address may name the estate and the item that the first row is about.
    """
    by = request.membership
    require(can_see_duties(by))
    offer = Offer.to(by)
    drafts = Drafts(request, offer, by=by, about=_asked(request, offer))
    context: dict[str, Any] = {"drafts": drafts}
    if not drafts.wrong and (report := drafts.sheet.report):
        context |= {"report": report, "problems": problems_of(report, SHOWN)}
    if not drafts.wrong and drafts.mandates:
        context |= _outcome(drafts, offer, by)
    return render(request, "duties/what_if.html", context, status=422 if drafts.wrong else 200)


def _asked(request: MemberRequest, offer: Offer) -> dict[str, str]:
    """What the first row is about, as far as the address names something that can be chosen."""
    place, matter = f"estate:{request.GET.get('estate', '')}", f"item:{request.GET.get('item', '')}"
    return {"place": place if place in offer.places else "", "matter": matter if matter in offer.matters else ""}


def _outcome(drafts: Drafts, offer: Offer, by: Membership) -> dict[str, Any]:
    draft, at = draft_of(drafts.mandates), drafts.moment
    changes = changes_of(draft, at=at, among=Estate.objects.visible_to(by))
    hindsight = cases_of_last_quarter(draft, by=by, at=at)
    return {
        "outcome": outcome_of(changes, offer.estates, offer.items, at),
        "hindsight": hindsight,
        "cases": hindsight.routed[:SHOWN],
        "more_cases": max(0, len(hindsight.routed) - SHOWN),
    }
