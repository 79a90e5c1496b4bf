"""What this membership was told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import CaseEvent, Notification
from cases.models.notification import NotificationQuerySet
from cases.timeline import Names, tell_notice
from cases.wording import moment_words
from stakeholders.models import Party
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
KEY = re.compile(r"(unread|read)\.(\d{1,18})", re.ASCII)  # the pile and the row behind which a page begins


@dataclass(frozen=True)
class Notice:
    """One event as it is told to somebody, and what came before it about the same case with nothing in between."""

    event: CaseEvent
    sentence: SafeString
    is_unread: bool
    earlier: Sequence["Notice"] = ()

    @property
    def when(self) -> str:
        """The moment of the event, in words."""
        return moment_words(self.event.at)


@require_safe
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """Unread first, then the newest; nothing about cases that are out of sight by now."""
    after = request.GET.get("after", "")
    told = Notification.objects.told_to(request.membership)
    told = told.select_related(
        "event__case__estate", "event__case__building", "event__by__user", "event__by__party", "webhook"
    )
    page, next_key = _page_after(told, after)
    context = {
        "told": _told(page, request.membership.party),
        "first": request.path if after else "",
        "next": f"{request.path}?after={next_key}" if next_key else "",
    }
    return render(request, "notices.html", context)


@require_POST
@member_required
def mark_read(request: MemberRequest) -> HttpResponse:
    """Mark all that is unread as read."""
    unread = Notification.objects.filter(recipient=request.membership).unread()
    unread.update(read_at=timezone.now())
    return redirect("notices")


def _page_after(told: NotificationQuerySet, key: str) -> tuple[list[Notification], str]:
    """The next notices behind `key` ("" for the first) and the key of the page after them, if any.

    Each pile is asked by itself, so that an index serves it from its first row on. Raises BadRequest for what is no
    key.
    """
    match = KEY.fullmatch(key or f"unread.{'9' * 18}")
    if match is None:
        raise BadRequest(_("This is no page of the list."))
    behind = told.filter(id__lt=int(match[2]))
    page: list[Notification] = []
    if match[1] == "unread":
        page = list(behind.unread()[: PAGE_SIZE + 1])
        behind = told
    if len(page) <= PAGE_SIZE:
        page += behind.filter(read_at__isnull=False)[: PAGE_SIZE + 1 - len(page)]
    return page[:PAGE_SIZE], _key_of(page[PAGE_SIZE - 1]) if len(page) > PAGE_SIZE else ""


def _key_of(notification: Notification) -> str:
    return f"{'read' if notification.read_at else 'unread'}.{notification.pk}"


def _told(notifications: Sequence[Notification], party: Party) -> list[Notice]:
    names = Names.in_events(each.event for each in notifications)
    told = [Notice(each.event, tell_notice(each, names, party), each.read_at is None) for each in notifications]
    rows = groupby(told, key=lambda notice: (notice.event.case_id, notice.is_unread))
    return [replace(newest, earlier=earlier) for _key, (newest, *earlier) in rows]
