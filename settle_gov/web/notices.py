"""What this membership was told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from cases.models import CaseEvent, Notification
from cases.timeline import Names, tell
from cases.wording import moment_words
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50


@dataclass(frozen=True)
class Notice:
    """One event as it is told to somebody."""

    event: CaseEvent
    sentence: SafeString
    is_unread: bool

    @property
    def when(self) -> str:
        """The moment of the event, in words."""
        return moment_words(self.event.at)


@require_safe
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """Unread first, then the newest."""
    told = Notification.objects.filter(recipient=request.membership)
    told = told.select_related("event__case__estate", "event__case__building", "event__by__user", "event__by__party")
    told = told.annotate(is_read=Q(read_at__isnull=False)).order_by("is_read", "-id")
    page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notices.html", {"told": _told(list(page)), "numbers": page})


@require_POST
@member_required
def mark_read(request: MemberRequest) -> HttpResponse:
    """Mark all that is unread as read."""
    unread = Notification.objects.filter(recipient=request.membership, read_at__isnull=True)
    unread.update(read_at=timezone.now())
    return redirect("notices")


def _told(notifications: Sequence[Notification]) -> list[Notice]:
    names = Names.in_events(each.event for each in notifications)
    return [Notice(each.event, tell(each.event, names).sentence, each.read_at is None) for each in notifications]
