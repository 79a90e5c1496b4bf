"""How long a password is at least, in words that Django has not put into Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LengthValidator(MinimumLengthValidator):
    """As Django's, with our own sentence about one that is too short."""

    def get_error_message(self) -> str:
        """How many characters there must be."""
        return ngettext(
            "This is too short: a password has %(count)d character or more.",
            "This is too short: a password has %(count)d characters or more.",
            self.min_length,
        ) % {"count": self.min_length}
