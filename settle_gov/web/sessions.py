"""How long a browser stays signed in: a while after its last request, and no more than a working day."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

BEGAN = "began"  # when this session was signed in to, in seconds
PUT_OFF_EVERY = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """Sessions in the database, which know until when they hold as they were read."""

    holds_until: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        """The row, read as ever: Django offers no other place where its moment is at hand without a second query."""
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # no part of its types
        self.holds_until = session.expire_date if session else None
        return session

    @property
    def is_to_be_put_off(self) -> bool:
        """Whether it was read, is not written in any case, and has not been put off for a minute."""
        whole = timedelta(seconds=self.get_expiry_age())
        return (
            self.holds_until is not None
            and not self.modified
            and self.holds_until - timezone.now() <= whole - PUT_OFF_EVERY
        )

    def put_off(self) -> None:
        """Let it hold as long as a new one. Nothing else is written: another request may have changed it meanwhile."""
        Session.objects.filter(session_key=self.session_key).update(expire_date=self.get_expiry_date())


class SessionLifeMiddleware:
    """End a session that is too old; put off the end of one that is in use.

    Once a minute is enough for that, and keeps reading pages from writing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look before the request and after it; one without a session costs nothing."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        session = cast(SessionStore, request.session)
        if session.get(BEGAN, time.time()) <= time.time() - settings.SESSION_HOURS * 3600:
            session.flush()
        response = self.get_response(request)
        if session.is_to_be_put_off:
            session.put_off()
            _keep_cookie(response, session)
        return response


def begin(request: HttpRequest) -> None:
    """From now on the hours of this session count."""
    request.session[BEGAN] = time.time()


def _keep_cookie(response: HttpResponse, session: SessionStore) -> None:
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        session.session_key or "",
        max_age=session.get_expiry_age(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )
