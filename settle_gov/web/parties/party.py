"""One party: what it answers for, what it disclaims, and what it does."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.models.case import is_overdue
from cases.practice import practice_of
from settle_gov.web.parties.forms import PERIODS, PartyForm
from settle_gov.web.parties.heads import Heads, heads_of
from settle_gov.web.parties.papers import SOON, papers_of
from stakeholders.models import Membership, Party
from stakeholders.policies import can_see_duties, require
from stakeholders.roles import Permission
from stakeholders.views.member import MemberRequest, member_required


@require_safe
@member_required
def party(request: MemberRequest, code: str) -> HttpResponse:
    """Show one party on a day; what makes no sense in the address is named, and the usual stands in for it."""
    by = request.membership
    require(can_see_duties(by))
    visible = Party.objects.visible_to(by)
    party = get_object_or_404(visible.select_related("area", "supervisor"), code=code)
    form = PartyForm(request.GET)
    form.is_valid()
    now = timezone.now()
    heads = heads_of(party, by=by, at=form.moment)
    since = now - timedelta(days=form.shown_period)
    done = practice_of(party, by=by, since=since, until=now, at=now)
    context = {
        "party": party,
        "form": form,
        "kept": form.kept,
        "linked": _linked(visible, party, heads),
        "cases": _cases(party, by),
        "papers": papers_of(party, by=by, at=form.moment, known=form.known_moment or now),
        "soon": SOON.days,
        "heads": heads,
        "periods": PERIODS,
        "since": timezone.localdate(since),
        "practice": done,
        "refused": [each for each in done if each.is_often_refused],
        "unmandated": [each for each in done if each.unmandated],
        "sees_area": by.allows(Permission.SEE_AREA),
    }
    return render(request, "parties/party.html", context, status=422 if form.errors else 200)


def _linked(visible: "QuerySet[Party]", party: Party, heads: Heads) -> set[int]:
    """Of the other parties that the page names those that have a page for the reader."""
    named = {other.pk for row in heads.rows for other in row.others}
    return set(visible.filter(pk__in={*named, party.supervisor_id}).values_list("pk", flat=True))


def _cases(party: Party, by: Membership) -> dict[str, int]:
    """How many cases it holds, how many of them are past the deadline, and how many it has not signed for."""
    held = Case.objects.visible_to(by).open().filter(lead=party)
    return held.aggregate(
        open=Count("id"),
        overdue=Count("id", filter=is_overdue(timezone.now())),
        unsigned=Count("id", filter=Q(stage=Case.Stage.DISPATCHED)),
    )
