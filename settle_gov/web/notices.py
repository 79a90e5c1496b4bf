"""What this membership was told."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.models import Notification
from settle_gov.web.membership import MemberRequest

PAGE_SIZE = 50


@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    """Unread first, then the newest."""
    told = Notification.objects.filter(recipient=request.membership)
    told = told.select_related("event__case__estate", "event__case__building", "event__by__user", "event__by__party")
    told = told.order_by(F("read_at").desc(nulls_first=True), "-id")
    page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notices.html", {"notices": page})


@require_POST
def mark_read(request: MemberRequest) -> HttpResponse:
    """Mark all that is unread as read."""
    unread = Notification.objects.filter(recipient=request.membership, read_at__isnull=True)
    unread.update(read_at=timezone.now())
    return redirect("notices")
