"""docs/api.md names what there is, and only that."""

import re

from django.conf import settings
from django.urls import URLResolver

from cases.api.actions import DEEDS
from cases.filters import CaseFilter
from settle_gov.api.urls import version_1

DOCUMENT = (settings.BASE_DIR / "docs/api.md").read_text()
NAMED = {
    "<case_number:number>": "{number}",
    "<int:pk>": "{id}",
    "<uuid:delivery>": "{delivery}",
    "<str:date>": "{date}",
    "<int:year>": "{year}",
    "(?P<pk>": "{id}",
    "(?P<code>": "{code}",
}


def paths(patterns: list[object], before: str = "") -> set[str]:
    """Every address in the words of the document."""
    found: set[str] = set()
    for each in patterns:
        text = before + str(each.pattern)  # type: ignore[attr-defined]
        if isinstance(each, URLResolver):
            found |= paths(each.url_patterns, text)
        else:
            for code, word in NAMED.items():
                text = re.sub(re.escape(code) + r"[^)/]*\)?", word, text)
            found.add(text.strip("^$").replace("^", "").removesuffix(r"\Z"))
    return found


def test_every_address_is_documented_and_no_other() -> None:
    documented = {path for line in re.findall(r"^\| (`.*?`) \|", DOCUMENT, re.MULTILINE) for path in line.split("`")}

    actions = {f"cases/{{number}}/{action}/" for action in DEEDS}
    assert paths(version_1) - actions == {path for path in documented if path.endswith("/")} - {
        "cases/{number}/{action}/"
    }


def test_every_action_and_filter_is_documented() -> None:
    actions = re.findall(r"^\| `(\w+)` \|.*\| (?:who|what|the)", DOCUMENT, re.MULTILINE)
    assert actions == [action.value for action in DEEDS]

    filters = {name.partition("__")[0] for name in CaseFilter.base_filters}
    assert filters <= set(re.findall(r"`(\w+)`", DOCUMENT))
