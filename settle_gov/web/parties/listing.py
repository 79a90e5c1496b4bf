"""The parties of an area, with how much each answers for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from settle_gov.web.parties.forms import FindForm
from stakeholders.models import Episode, Mandate, Membership, Party
from stakeholders.models.party import PartyQuerySet
from stakeholders.policies import can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One party with its counts, as far as the reader sees what is counted."""

    party: Party
    mandates: int
    cases: int
    heads: int


@require_safe
@member_required
def listing(request: MemberRequest) -> HttpResponse:
    """Show the parties that the reader sees, by code; what makes no sense is named, and all are shown."""
    by = request.membership
    require(can_see_duties(by))
    form = FindForm(request.GET)
    form.is_valid()
    visible = Party.objects.visible_to(by)
    found = _found(visible.select_related("area"), form)
    after = form.cleaned_data.get("after", "")
    page = list(found.filter(code__gt=after).order_by("code")[: PAGE_SIZE + 1])
    kept = _kept(form)
    context = {
        "form": form,
        "rows": _rows(page[:PAGE_SIZE], by),
        "count": found.count(),
        "first": f"{request.path}?{kept.urlencode()}" if after else "",
        "next": f"{request.path}?{_after(kept, page[PAGE_SIZE - 1].code)}" if len(page) > PAGE_SIZE else "",
        "is_asked": bool(kept),
    }
    return render(request, "parties/list.html", context, status=422 if form.errors else 200)


def _found(parties: PartyQuerySet, form: FindForm) -> PartyQuerySet:
    parties = parties.matching(form.cleaned_data.get("q", ""))
    kind = form.cleaned_data.get("kind")
    return parties.filter(kind=kind) if kind else parties


def _kept(form: FindForm) -> QueryDict:
    kept = QueryDict(mutable=True)
    kept.update({name: form.cleaned_data[name] for name in ("q", "kind") if form.cleaned_data.get(name)})
    return kept


def _after(kept: QueryDict, code: str) -> str:
    following = kept.copy()
    following["after"] = code
    return following.urlencode()


def _rows(page: Sequence[Party], by: Membership) -> list[Row]:
    """Count for all parties of the page at once, in three queries."""
    now = timezone.now()
    in_force = Mandate.objects.in_force(now).visible_to(by).exclude(role=Mandate.Role.DISCLAIM)
    episodes = Episode.objects.visible_to(by).open_at(now)  # with those for which it stands behind, as its page has
    mandates = _count(in_force, "party", page)
    cases = _count(Case.objects.visible_to(by).open(), "lead", page)
    heads = _count(episodes, "parties", page)
    return [
        Row(
            each,
            mandates.get(each.pk, 0) if each.closed_at is None or each.closed_at > now else 0,
            cases.get(each.pk, 0),
            heads.get(each.pk, 0),
        )
        for each in page
    ]


def _count(
    rows: "QuerySet[Mandate] | QuerySet[Case] | QuerySet[Episode]", of: str, page: Sequence[Party]
) -> dict[int, int]:
    counted = rows.filter(**{f"{of}__in": page}).order_by().values(of).annotate(count=Count("id", distinct=True))
    return dict(counted.values_list(of, "count"))
