"""The two ways of saying who asks."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class Bearer(OpenApiAuthenticationExtension):
    """A token of a membership."""

    target_class = "settle_gov.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The header of RFC 6750."""
        return {"type": "http", "scheme": "bearer"}


class Session(OpenApiAuthenticationExtension):
    """The session of the browser, for the page that shows this document."""

    target_class = "settle_gov.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The cookie of Django."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
