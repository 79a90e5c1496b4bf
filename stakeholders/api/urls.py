"""Addresses of the registers and the ledger in the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from stakeholders.api import duties, episodes, registers, residents, revealings
from stakeholders.api.coverage import Coverage
from stakeholders.api.matrix import Matrix

router = SimpleRouter()
router.register("areas", registers.Areas, "area")
router.register("grids", registers.Grids, "grid")
router.register("estates", registers.Estates, "estate")
router.register("buildings", registers.Buildings, "building")
router.register("households", residents.Households, "household")
router.register("residents", residents.Residents, "resident")
router.register("revealings", revealings.Revealings, "revealing")
router.register("parties", registers.Parties, "party")
router.register("need-classes", registers.NeedClasses, "need-class")
router.register("need-items", registers.NeedItems, "need-item")
router.register("mandates", duties.Mandates, "mandate")
router.register("coverage/episodes", episodes.Episodes, "episode")

urlpatterns = [
    path("coverage/", Coverage.as_view(), name="coverage"),
    path("coverage/matrix/", Matrix.as_view(), name="matrix"),
    *router.urls,
]
