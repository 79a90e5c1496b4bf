"""The gallery of components."""

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse

from settle_gov import urls
from settle_gov.web.gallery import gallery
from tests.factories.stakeholders import MembershipFactory

urlpatterns = [*urls.urlpatterns, path("components/", gallery, name="components")]


def test_gallery_does_not_exist_in_earnest():
    with pytest.raises(NoReverseMatch):
        reverse("components")


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_gallery_shows_both_themes(signed_in):
    page = signed_in(MembershipFactory()).get("/components/").content.decode()

    assert 'data-theme="light"' in page
    assert 'data-theme="dark"' in page
