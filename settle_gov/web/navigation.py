"""The way around: which places of the site this membership may go to, in the order of the bar."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.policies import can_decide, can_handle, can_keep_rules, can_log, can_see_figures
from stakeholders.models import Membership
from stakeholders.policies import can_see_duties
from stakeholders.roles import Permission, Role


@dataclass(frozen=True)
class Entry:
    """One place: its address by name, what it is called, its icon, what else belongs to it, and its key after G."""

    name: str
    label: str | Promise
    icon: str
    others: tuple[str, ...] = ()
    key: str = ""

    @property
    def url(self) -> str:
        """The address of the place."""
        return reverse(self.name)

    @property
    def roots(self) -> list[str]:
        """How the addresses of its pages begin."""
        return [self.url, *(reverse(name) for name in self.others)]


INBOX = Entry("inbox", _("Inbox"), "inbox", key="i")
DESK = Entry("desk", _("Desk"), "inbox", key="d")
CASES = Entry("cases:list", _("Cases"), "case", key="c")
LOG = Entry("cases:new", _("Log a case"), "plus")
DUTIES = Entry("duties:matrix", _("Duties"), "matrix", ("parties:list",), key="m")
FIGURES = Entry("figures", _("Figures"), "case", key="o")
JOBS = Entry("jobs", _("Jobs"), "clock")
RULES = Entry("rules:list", _("Rules"), "clock")
ADMIN = Entry("admin:index", _("Admin"), "user")
ME = Entry("me", _("Me"), "user")


def start(membership: Membership) -> Entry:
    """The place where somebody's day begins."""
    if can_decide(membership):
        return INBOX
    return DESK if has_desk(membership) else CASES


def has_desk(membership: Membership) -> bool:
    """Handlers have cases to handle, grid workers have cases to verify."""
    return can_handle(membership) or membership.role == Role.GRID_WORKER


def top_bar(membership: Membership) -> list[Entry]:
    """The entries of the bar on top of a wide screen."""
    places = [start(membership)]
    if places != [CASES]:
        places.append(CASES)
    if can_see_duties(membership):
        places.append(DUTIES)
    if can_see_figures(membership):
        places.append(FIGURES)
    if can_keep_rules(membership):
        places.append(RULES)
    if membership.allows(Permission.ADMINISTER):
        places.append(JOBS)
    if membership.user.is_staff and membership.allows(Permission.ADMINISTER):
        places.append(ADMIN)
    return places


def bottom_bar(membership: Membership) -> list[Entry]:
    """The entries of the bar at the foot of a phone: logging a case stands in the middle, under the thumb."""
    places = [entry for entry in top_bar(membership) if entry not in (FIGURES, RULES, JOBS, ADMIN)]
    if can_log(membership):
        places.insert(places.index(CASES) + 1, LOG)
    return [*places, ME]
