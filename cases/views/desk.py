"""My work: what is due first for handlers, what to check for those who verify, what I logged myself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Rank
from django.db.models import Exists, F, OuterRef, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case, Custody, Stance
from cases.models.case import CaseQuerySet
from cases.policies import can_handle, can_log
from cases.services.sign_for_cases import sign_for_cases
from cases.views.rows import Row, work
from cases.watch import Watch
from cases.wording import hour_words
from cases.workflow import UNSOLVED, Stage
from stakeholders.models import Membership
from stakeholders.models.need import Urgency
from stakeholders.policies import require
from stakeholders.roles import Permission, Role
from stakeholders.views.member import MemberRequest, member_required

CAP = 100  # a desk with more on it is a list

# From most to least urgent, as they are declared; the letters alone would sort otherwise.
RANK = Rank(*(When(urgency=urgency, then=rank) for rank, urgency in enumerate(Urgency.values)))
TO_HANDLE = UNSOLVED | {Stage.ON_HOLD}
BY_DUE = (F("resolve_due_at").asc(nulls_last=True), RANK, "id")


@dataclass(frozen=True)
class Tab:
    """One pile on the desk: whose it is for, what lies on it, and what it says when it is empty."""

    key: str
    label: Promise
    is_for: Callable[[Membership], bool]
    pile: Callable[[Membership], CaseQuerySet]
    empty: Promise
    by_due: bool = False  # grouped by when it is due


def _held(by: Membership) -> CaseQuerySet:
    return _led(by).filter(stage__in=TO_HANDLE).order_by(*BY_DUE)


def _in_charge(by: Membership) -> CaseQuerySet:
    return Case.objects.for_list().filter(in_charge=by, stage__in=TO_HANDLE).order_by(*BY_DUE)


def _asked(by: Membership) -> CaseQuerySet:
    """What the own party is asked about and has not answered; whoever is asked sees the case."""
    asked = Custody.objects.filter(party=by.party, role=Custody.Role.CANDIDATE, until__isnull=True)
    said = Stance.objects.standing().filter(case=OuterRef("pk"), party=by.party)
    unanswered = Case.objects.for_list().filter(~Exists(said), pk__in=asked.values("case"), stage__in=UNSOLVED)
    return unanswered.order_by(*BY_DUE)


def _unsigned(by: Membership) -> CaseQuerySet:
    return _led(by).filter(stage=Case.Stage.DISPATCHED).order_by(F("sign_due_at").asc(nulls_last=True), "id")


def _led(by: Membership) -> CaseQuerySet:
    """What the own party leads and is not closed, as the index `case_desk` has it.

    Who leads a case sees it, so that need not be asked. Nor should more be said of the stage than each pile needs:
    PostgreSQL takes conditions that say the same for independent, expects a handful of rows, and sorts them all.
    """
    return Case.objects.for_list().filter(lead=by.party, closed_at=None)


def _to_check(by: Membership) -> CaseQuerySet:
    return _seen(by).filter(stage=Case.Stage.RESOLVED).exclude(lead=by.party).order_by("resolved_at", "id")


def _logged(by: Membership) -> CaseQuerySet:
    return _seen(by).filter(logged_by=by)


def _open(by: Membership) -> CaseQuerySet:
    return _seen(by).open().order_by(*BY_DUE)


def _seen(by: Membership) -> CaseQuerySet:
    return Case.objects.for_list().visible_to(by)


TABS = [
    Tab("due", gettext_lazy("By due time"), can_handle, _held, gettext_lazy("Your party has no case to handle."), True),
    Tab("unsigned", gettext_lazy("To sign for"), can_handle, _unsigned, gettext_lazy("Everything is signed for.")),
    Tab(
        "asked", gettext_lazy("Is it yours?"), can_handle, _asked, gettext_lazy("Nobody waits for an answer of yours.")
    ),
    Tab(
        "charge",
        gettext_lazy("In my charge"),
        can_handle,
        _in_charge,
        gettext_lazy("You are in charge of no case."),
        True,
    ),
    Tab(
        "verify",
        gettext_lazy("To check"),
        lambda by: by.allows(Permission.VERIFY_CASE),
        _to_check,
        gettext_lazy("Nothing waits to be checked."),
    ),
    Tab("mine", gettext_lazy("Logged by me"), can_log, _logged, gettext_lazy("You have not logged a case yet.")),
    Tab(
        "open",
        gettext_lazy("Open in my grid"),
        lambda by: by.role == Role.GRID_WORKER,
        _open,
        gettext_lazy("No case is open in your grid."),
        True,
    ),
]


@dataclass(frozen=True)
class Group:
    """Rows under one heading; without one where the order speaks for itself."""

    heading: str
    rows: list[Row]


@require_safe
@member_required
def desk(request: MemberRequest) -> HttpResponse:
    """Show one pile of work and how much lies on the others."""
    by = request.membership
    tabs = [tab for tab in TABS if tab.is_for(by)]
    if not tabs:
        raise PermissionDenied(_("Your role has no desk; the list of cases shows all that you may see."))
    tab = next((each for each in tabs if each.key == request.GET.get("tab")), tabs[0])
    watch = Watch.at_this_moment()
    found = work(tab.pile(by)[:CAP], watch, by=by)
    counts = [(each, len(found) if each is tab else each.pile(by)[:CAP].count()) for each in tabs]
    context = {
        "tab": tab,
        "counts": counts,
        "cap": CAP,
        "tick": "sign-for" if tab.key == "unsigned" else "",
        "count": len(found),
        "groups": _by_due(found, watch.now) if tab.by_due else [Group("", found)],
        "left_today": hour_words(watch.left_today()) if watch.left_today() else "",
        "now": watch.now,
    }
    return render(request, "cases/desk.html", context)


@require_POST
@member_required
def sign_for_chosen(request: MemberRequest) -> HttpResponse:
    """Sign for the cases that were ticked on the desk, and say which of them were gone by then."""
    by = request.membership
    require(can_handle(by))
    ticked = request.POST.getlist("case")[:CAP]
    cases = Case.objects.visible_to(by).filter(number__in=[each for each in ticked if "\0" not in each]).order_by("pk")
    signed, passed = sign_for_cases(cases, by=by)
    if signed:
        count = len(signed)
        told = ngettext("You signed for %(count)d case.", "You signed for %(count)d cases.", count) % {"count": count}
        messages.success(request, told)
    if passed:
        numbers = _(", ").join(case.number for case in passed)
        messages.warning(request, _("Not to be signed for any more: %(numbers)s.") % {"numbers": numbers})
    if not signed and not passed:
        messages.warning(request, _("Tick the cases that you want to sign for."))
    return redirect(f"{reverse('desk')}?tab=unsigned")


def _by_due(found: list[Row], now: datetime) -> list[Group]:
    """What is over, what is due today, and the rest; a heading without rows is left out, unless nothing else is."""
    today = timezone.localdate(now)
    over: list[Row] = []
    soon: list[Row] = []
    later: list[Row] = []
    for row in found:
        due_at = row.case.resolve_due_at
        if due_at is None or row.case.resolved_at is not None or row.case.stage == Stage.ON_HOLD:
            later.append(row)
        elif due_at < now:
            over.append(row)
        else:
            (soon if timezone.localdate(due_at) == today else later).append(row)
    groups = [Group(_("Overdue"), over), Group(_("Due today"), soon), Group(_("Later"), later)]
    return [group for group in groups if group.rows] or [Group("", [])]
