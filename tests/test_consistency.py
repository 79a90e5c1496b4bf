"""The project agrees with itself: what no type checker sees."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from cases import policies
from stakeholders.roles import PERMISSIONS, Permission, Role
from tests.factories import stakeholders as factories_of_stakeholders

ROOT: Path = settings.BASE_DIR
APPS = ("settle_gov", "stakeholders", "cases", "surveys")
# Everything else wants somebody who is signed in
PUBLIC = {
    "manifest",
    "worker",
    "offline",
    "sign-in",
    "account_login",
    "mfa_authenticate",
    "admin-sign-in",
    "set_language",
    "theme",
    "health",
    "ready",
    "public-cases",
    "public-case",
} | {
    f"open311{name}"
    for name in ("-unknown", ":discovery", ":services", ":service", ":requests", ":request", ":token", ":nowhere")
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def sources(*patterns: str) -> str:
    """The text of all our files that match, in one piece."""
    found = (path for app in APPS for pattern in patterns for path in (ROOT / app).rglob(pattern))
    return "\n".join(path.read_text() for path in found)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines()]


def models() -> list[type[Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def url_patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            if each.app_name != "admin":
                yield from url_patterns(each, f"{namespace}{each.namespace}:" if each.namespace else namespace)
        else:
            yield f"{namespace}{each.name or ''}", each


@pytest.mark.parametrize(
    "service", sorted(path for app in APPS for path in (ROOT / app).glob("services/[a-z]*.py")), ids=lambda p: p.stem
)
def test_every_service_has_a_test(service: Path) -> None:
    folder = ROOT / "tests" / service.relative_to(ROOT).parent
    named = re.compile(rf"\b{service.stem}\b")

    assert any(named.search(path.read_text()) for path in folder.glob("test_*.py"))


@pytest.mark.parametrize(
    "service", sorted(path for app in APPS for path in (ROOT / app).glob("services/[a-z]*.py")), ids=lambda p: p.stem
)
def test_every_service_file_holds_the_function_of_its_name(service: Path) -> None:
    assert re.search(rf"^def {service.stem}\(", service.read_text(), re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_template_is_used(template: Path) -> None:
    name = str(template.relative_to(ROOT / "templates"))
    everywhere = sources("*.py") + "".join(path.read_text() for path in TEMPLATES)

    assert f'"{name}' in everywhere or name in {
        "400.html",
        "403.html",
        "403_csrf.html",
        "404.html",
        "413.html",
        "500.html",
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_code_or_a_foreign_address(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text)


def test_every_class_in_a_template_is_in_the_style_sheets() -> None:
    sheets = "".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))
    styled = set(re.findall(r"\.([a-z][a-z0-9_-]*)", sheets, re.IGNORECASE))
    used = set()
    for template in TEMPLATES:
        without_tags = re.sub(r"{%.*?%}", " ", template.read_text())  # a tag may hold quotes of its own
        for value in re.findall(r'class="([^"]*)"', without_tags):
            used |= set(re.sub(r"\S*{{.*?}}\S*", " ", value).split())

    assert used - styled == set()


def test_every_address_has_a_name() -> None:
    assert [
        str(pattern.pattern) for name, pattern in url_patterns(get_resolver()) if name.endswith(":") or not name
    ] == []


def test_every_address_wants_a_signed_in_user_unless_it_is_public() -> None:
    open_ones = {
        name
        for name, pattern in url_patterns(get_resolver())
        if not getattr(pattern.callback, "login_required", True) and not str(name).startswith("api:")
    }

    assert open_ones <= PUBLIC


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_model_says_what_it_is_in_lower_case(model: type[Model]) -> None:
    for words in (str(model._meta.verbose_name), str(model._meta.verbose_name_plural)):
        assert words == words[0].lower() + words[1:]
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


def test_every_model_of_places_and_people_has_a_factory() -> None:
    made = {factory._meta.model for factory in vars(factories_of_stakeholders).values() if hasattr(factory, "_meta")}

    assert set(apps.get_app_config("stakeholders").get_models()) - made <= {
        apps.get_model("stakeholders.NeedClass"),  # seeded
        apps.get_model("stakeholders.NeedItem"),
        apps.get_model("stakeholders.NeedWord"),
        apps.get_model("stakeholders.Episode"),  # these follow from the ledger: a test has them reckoned
        apps.get_model("stakeholders.StaleScope"),
        apps.get_model("stakeholders.Drift"),
        apps.get_model("stakeholders.DutyList"),  # an uploaded file: a test uploads one
    }


def test_no_file_of_others_is_committed() -> None:
    third_party = re.compile(r"\.min\.|htmx|jquery|bootstrap|\.(woff2?|ttf|otf|eot)$")

    assert [path for path in tracked() if third_party.search(path.name)] == []


def test_no_registry_or_machine_path_is_committed() -> None:
    words = re.compile("[p]ypi|[p]ythonhosted|[n]pmjs|/[w]ork/", re.IGNORECASE)
    text = [
        path for path in tracked() if path.suffix in {".py", ".md", ".toml", ".txt", ".html", ".yaml", ".yml", ".cfg"}
    ]

    assert [str(path) for path in text if path.exists() and words.search(path.read_text())] == []


def test_every_text_is_translated_into_chinese() -> None:
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)

    untranslated = [each.id for each in catalogue if each.id and (not all_said(each.string) or each.fuzzy)]

    assert untranslated == []


def all_said(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def permission_table() -> str:
    """What stands in docs/architecture.md: roles by permission, and which permission each action needs."""
    lines = [f"| | {' | '.join(role.value for role in Role)} |", f"|---|{'---|' * len(Role)}"]
    for permission in Permission:
        ticks = " | ".join("✓" if permission in PERMISSIONS[role] else "" for role in Role)
        lines.append(f"| {permission.value} | {ticks} |")
    lines += ["", "| action | needs |", "|---|---|"]
    for action, needed in policies.NEEDS.items():
        lines.append(f"| {action.value} | {needed.value if needed else 'to see the case'} |")
    return "\n".join(lines)


def test_documented_permissions_are_those_in_the_code() -> None:
    documented = (ROOT / "docs/architecture.md").read_text()

    assert permission_table() in documented, f"docs/architecture.md should contain:\n\n{permission_table()}"
