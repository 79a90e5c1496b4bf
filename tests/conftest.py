"""What every test may rely on."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker, Settings

from cases import rulebook

# `make test-oracle` looks far more closely than there is time for on every run.
settings.register_profile("long", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Seed the test database once: items, rules and the work calendar are there, as in every installation."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)


@pytest.fixture(autouse=True)
def settings_for_tests(settings: Settings) -> None:
    """Fast passwords, plain static files, and background messages that go nowhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def rules_not_read_yet() -> None:
    """What a test costs does not depend on which test has read the rules before it."""
    rulebook.forget()


@pytest.fixture(autouse=True)
def texts_as_in_the_source() -> Iterator[None]:
    """Messages outside a request are those in the source; a request brings its own language."""
    with translation.override("en"):
        yield
