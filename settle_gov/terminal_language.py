"""In which language commands speak: the one the terminal asks for, if it is ours."""

from collections.abc import Mapping

from django.conf import settings

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first that is set counts


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return the code of one of LANGUAGES for a terminal with these variables; Chinese unless it asks for another."""
    asked = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    wanted = asked.partition(".")[0].partition("_")[0].lower()
    ours = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    return ours.get(wanted, settings.LANGUAGE_CODE)
