"""What allauth asks us about accounts: who comes and goes is written down here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from settle_gov.web import sessions
from stakeholders.models import AccountEvent, User
from stakeholders.services.let_in import let_in
from stakeholders.services.note_account_event import note_account_event
from stakeholders.views.client_address import address_of

SECOND_STEP = "second_step"  # in the session of who has come in by it
WAYS = {
    Authenticator.Type.TOTP: AccountEvent.How.CODE,
    Authenticator.Type.RECOVERY_CODES: AccountEvent.How.RECOVERY_CODE,
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere else."""
        return address_of(request)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """After the last step: the hours of the session begin, and the log has a line more."""
        how = _how(request, user)
        sessions.begin(request)
        if how != AccountEvent.How.PASSWORD:
            request.session[SECOND_STEP] = True
        let_in(user, how=how, address=address_of(request))
        response: HttpResponse = super().post_login(request, user, **details)
        return response


def leave(request: HttpRequest) -> None:
    """Sign out; who is out already leaves no line."""
    if isinstance(request.user, User):
        note_account_event(request.user, AccountEvent.Kind.SIGNED_OUT, address=address_of(request))
    logout(request)


def _how(request: HttpRequest, user: User) -> AccountEvent.How:
    steps = [record for record in get_authentication_records(request, user) if record["method"] == "mfa"]
    return WAYS[Authenticator.Type(steps[-1]["type"])] if steps else AccountEvent.How.PASSWORD
