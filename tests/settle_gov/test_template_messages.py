"""Texts of templates are found, as they are called at run time."""

from io import BytesIO

from babel.messages.extract import DEFAULT_KEYWORDS

from settle_gov.template_messages import extract


def found(template: str) -> list[tuple[int, str, object]]:
    messages = extract(BytesIO(template.encode()), DEFAULT_KEYWORDS, [], {})
    return [(line, function, texts) for line, function, texts, _comments in messages]


def test_extract_finds_translate_and_quoted_texts():
    template = '{% load i18n %}\n  {% translate "Sign in" %}\n{{ name|default:_("nobody") }}'

    assert found(template) == [(2, "gettext", "Sign in"), (3, "_", "nobody")]


def test_extract_finds_plurals_and_contexts():
    template = (
        "{% blocktranslate count n=rows|length %}one{% plural %}{{ n }} cases{% endblocktranslate %}"
        '{% translate "May" context "month" %}'
    )

    assert found(template) == [(1, "ngettext", ("one", "%(n)s cases", None)), (1, "pgettext", ("month", "May"))]


def test_extract_bears_text_that_is_no_python():
    template = "<a title='it(s [here'>\n      08 1_ \\ $ 中文\n   {% if a %}\n {% translate 'Yes' %}{% endif %}"

    assert found(template) == [(4, "gettext", "Yes")]
