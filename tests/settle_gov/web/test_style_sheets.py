"""The look, as far as a machine can judge it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR, "static", "css")
TOKENS = (CSS / "tokens.css").read_text()
RULES = "".join((CSS / name).read_text() for name in ("base.css", "components.css"))
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))

TEXT, SIGN = 4.5, 3.0
PAPERS = ("paper", "canvas", "raised")
GROUNDS = (*PAPERS, "sunken", "hover")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *(
        (f"{state}", ground, TEXT)
        for state in ("void", "many", "back", "done")
        for ground in ("paper", f"{state}-tint")
    ),
    *((f"{state}-mark", "paper", SIGN) for state in ("void", "many", "back", "done")),
    ("many", "many-hatch", TEXT),
    ("seal", "paper", TEXT),
    ("seal", "seal-tint", TEXT),
    ("on-seal", "seal-fill", TEXT),
    ("on-seal", "seal-fill-2", TEXT),
    ("on-solid", "solid", TEXT),
    ("field", "paper", SIGN),
    ("ink-4", "paper", SIGN),
    ("focus", "paper", SIGN),
    ("focus", "canvas", SIGN),
]


def block(selector: str) -> dict[str, str]:
    """The colours set under a selector."""
    found = re.search(re.escape(selector) + r" \{(.*?)\}", TOKENS, re.DOTALL)
    assert found
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6}|[^;]+);", found[1]))


LIGHT, DARK = block(':root, [data-theme="light"]'), block('[data-theme="dark"]')


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_dark_is_the_same_by_choice_and_by_device():
    assert block(':root:not([data-theme="light"])') == DARK


def test_dark_changes_every_colour_of_light():
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_pair_can_be_read(theme):
    poor = {
        (one, other): contrast(theme[one], theme[other])
        for one, other, least in PAIRS
        if contrast(theme[one], theme[other]) < least
    }

    assert poor == {}


def test_no_colour_stands_outside_the_tokens():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))|\brgba?\(|\bhsla?\(", RULES) == []


def test_sheets_load_nothing_from_elsewhere():
    addresses = re.findall(r"url\(([^)]+)\)", TOKENS + RULES)

    assert set(addresses) <= {'"../chevron.svg"', "#hatch-void", "#hatch-many", "#hatch-late"}


def test_every_class_in_a_template_has_a_rule():
    known = set(re.findall(r"\.([a-z][\w-]*)", RULES))
    named = {(path.name, name) for path in TEMPLATES for name in _classes(path.read_text())}

    assert {(path, name) for path, name in named if name not in known} == set()


def _classes(template: str) -> set[str]:
    """The classes a template names in full; those put together from a variable are seen by eye in the gallery."""
    values = re.findall(r'\bclass="((?:\{[{%].*?[%}]\}|[^"])*)"', template)
    names = set()
    for value in values:
        plain = re.sub(r"\S*\{\{.*?\}\}\S*", " ", re.sub(r"\{%.*?%\}", " ", value))
        names |= set(plain.split())
    return names
