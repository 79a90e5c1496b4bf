"""For whom an API request works: every view reads and writes as one membership."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from stakeholders.api.expand import Whole, expand, wanted
from stakeholders.api.once import HEADER, once
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.sparse import leave_only_wanted
from stakeholders.models import Membership, User


class MemberRequest(Request):
    """A request that `HasMembership` has let in."""

    user: User
    membership: Membership


class ActingView(GenericAPIView[Any]):
    """A view that knows who acts, and tells its serializers."""

    request: MemberRequest
    keeps_answers = True  # for clients that ask again with the same key

    @property
    def expands(self) -> Whole:
        """What `expand` can put in the place of a code."""
        return {}

    @property
    def actor(self) -> Membership:
        """The membership of the token, or the one chosen in the session."""
        return self.request.membership

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let nobody in who may not, no parameter where none has a meaning, and nothing twice that bears a key."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, (request.method or "").lower()):
            self.http_method_not_allowed(request)  # whatever else may be wrong with it
        if request.method in SAFE_METHODS:
            return
        refuse_strangers(request, frozenset())
        if HEADER in request.headers and not self.keeps_answers:
            raise ValidationError({HEADER: [ErrorDetail(_("This answer is not kept."), code="not_kept")]})
        if request.method == "POST" and HEADER in request.headers and hasattr(self, "post"):
            vars(self)["post"] = partial(once, self.post, by=self.actor)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """A serializer that shows what the client has asked for."""
        serializer = super().get_serializer(*args, **kwargs)
        if self.request.method in SAFE_METHODS:
            leave_only_wanted(serializer, self.request)
        return serializer

    def shown(self, found: Any, *, many: bool = False) -> Any:
        """What the client is told of one object or of many, with what it has asked to see as a whole."""
        serializer = self.get_serializer(found, many=many)
        names = wanted(self.request, self.expands, getattr(serializer, "child", serializer).fields)
        told = serializer.data
        for name in names:
            expand(told if many else [told], name, self.expands[name], self.request)
        return told

    def get_serializer_context(self) -> dict[str, Any]:
        """Let references be resolved inside what the actor sees."""
        return {**super().get_serializer_context(), "actor": self.actor}
