"""The gap register: where no one or more than one answers, since when, and which open cases hang on it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.views.asked import Chip, chips_of, errors_of
from settle_gov.web.duties.gap_causes import causes_of
from settle_gov.web.duties.gap_forms import ChooseForm, GapForm
from settle_gov.web.duties.gap_pages import Key, coming, count_by_state, hot, page_by_age, page_by_harm
from settle_gov.web.duties.gap_rows import rows_of
from settle_gov.web.duties.gap_sheet import sheet
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.scope import estates_of
from stakeholders.filters import EpisodeFilter
from stakeholders.models import Drift, Episode, Membership, StaleScope
from stakeholders.models.area import ancestry
from stakeholders.models.episode import EpisodeQuerySet
from stakeholders.policies import can_keep_duties, can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
FILTERS = ("area", "estate", "building", "need_class", "need_item", "parties")
OF_THE_PAGE = ("after", "choose")  # parameters that are no filters


@dataclass(frozen=True)
class Question:
    """What was asked of the register, and what is wrong with it."""

    by: Membership
    form: GapForm
    filters: EpisodeFilter
    errors: list[str]

    @classmethod
    def read(cls, request: MemberRequest) -> "Question":
        """Read it from the address."""
        form = GapForm(request.GET)
        filtered = QueryDict(mutable=True)
        for name in set(FILTERS) & set(request.GET):
            filtered[name] = request.GET[name]
        episodes = Episode.objects.visible_to(request.membership)
        filters = EpisodeFilter(filtered, queryset=episodes, request=request)
        errors = errors_of(request.GET, filters, {*FILTERS, *form.fields, *OF_THE_PAGE})
        for name, messages in form.errors.items():
            label = str(form.fields[name].label)
            errors += [_("%(label)s: %(message)s") % {"label": label, "message": message} for message in messages]
        return cls(request.membership, form, filters, errors)

    @property
    def cases(self) -> CaseQuerySet:
        """The open cases that hang on gaps, as far as the actor sees them."""
        return Case.objects.visible_to(self.by).open()

    @property
    def gaps_of_any_state(self) -> EpisodeQuerySet:
        """The gaps that are asked for, if the state is left out."""
        episodes: Any = self.filters.qs
        at = self.form.moment
        return coming(episodes, at) if self.form.cleaned_data["coming"] else episodes.open_at(at)

    def of_the_state(self, episodes: EpisodeQuerySet) -> EpisodeQuerySet:
        """Those in the state that is asked for."""
        state = self.form.cleaned_data["state"]
        return episodes.filter(state=state) if state else episodes


@require_safe
@member_required
def gaps(request: MemberRequest) -> HttpResponse:
    """Show one page of gaps; what makes no sense in the address is named, and shows none."""
    require(can_see_duties(request.membership))
    question = Question.read(request)
    if question.errors:
        return _refused(request, question)
    form, cases = question.form, question.cases
    all_states = question.gaps_of_any_state
    wanted = question.of_the_state(all_states)
    counts = count_by_state(hot(all_states, cases) if form.is_hot else all_states)
    after = request.GET.get("after", "")
    key = Key.read(after) if after else None
    if form.is_by_harm:
        keys, next_key = page_by_harm(wanted, cases, key, PAGE_SIZE)
    else:
        keys, next_key = page_by_age(hot(wanted, cases) if form.is_hot else wanted, key, PAGE_SIZE)
    rows = rows_of(keys, wanted, cases, at=form.moment, day=form.day)
    is_coming = bool(form.cleaned_data["coming"])
    causes = causes_of(rows) if is_coming else {}
    context = {
        "rows": [(row, causes.get(row.episodes[0].pk, "")) for row in rows],
        "is_coming": is_coming,
        "legend": [(Mark(state), counts[state]) for state in Episode.State],
        "total": sum(counts.values()),
        "listed": counts.get(form.cleaned_data["state"], 0),
        "state": form.cleaned_data["state"],
        "form": form,
        "chips": _chips(request.GET, question),
        "first": _address(request.GET, after="") if after else "",
        "next": _address(request.GET, after=next_key) if next_key else "",
        "export": f"{reverse('duties:gaps-export')}{_query(request.GET, after='', choose='')}",
        "choose": ChooseForm(request.GET.dict(), by=request.membership) if "choose" in request.GET else None,
        "can_rule": can_keep_duties(request.membership) and not form.day and not is_coming,
        "stale": _stale(request.membership),
        "drifts": Drift.objects.open().visible_to(request.membership).count(),
    }
    return render(request, "duties/gaps.html", context)


@require_safe
@member_required
def export(request: MemberRequest) -> HttpResponseBase:
    """Give the same gaps as a table, one row a place."""
    require(can_see_duties(request.membership))
    question = Question.read(request)
    if question.errors:
        return _refused(request, question)
    episodes, cases = question.of_the_state(question.gaps_of_any_state), question.cases
    lines = sheet(hot(episodes, cases) if question.form.is_hot else episodes, cases, question.form.moment)
    day = question.form.day or timezone.localdate()
    name = _("gaps-%(day)s.csv") % {"day": day.isoformat()}
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _refused(request: MemberRequest, question: Question) -> HttpResponse:
    return render(request, "duties/gaps.html", {"errors": question.errors, "form": question.form}, status=422)


def _stale(membership: Membership) -> int:
    """How many changes that can matter to the membership are not reckoned yet."""
    inside, estates = membership.area.code_range, estates_of(membership).order_by()
    place = Q(estate__in=estates) | Q(building__estate__in=estates)
    above = Q(area__in=ancestry(membership.area_id))
    return StaleScope.objects.filter(place | above | Q(area__code__range=inside)).count()


def _chips(asked: QueryDict, question: Question) -> list[Chip]:
    """The filters in force; state, order and kind of gaps have switches of their own."""
    form, without = question.form, partial(_without, asked)
    own = [
        Chip(name, str(form.fields[name].label), value, without(name))
        for name, value in (
            ("at", form.day.isoformat() if form.day else ""),
            ("cases", _("yes") if form.cleaned_data["cases"] else ""),
        )
        if value
    ]
    return own + chips_of(question.filters, without)


def _without(asked: QueryDict, name: str) -> str:
    return _address(asked, **{name: "", "after": ""})


def _address(asked: QueryDict, **changes: str) -> str:
    """The address of the register with some parameters changed; an empty one is left out."""
    return f"{reverse('duties:gaps')}{_query(asked, **changes)}"


def _query(asked: QueryDict, **changes: str) -> str:
    parameters = QueryDict(mutable=True)
    for name, value in (asked.dict() | changes).items():
        if value:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else ""
