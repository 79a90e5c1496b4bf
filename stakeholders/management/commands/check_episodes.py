"""`manage.py check_episodes`: reckon every episode anew and name the cells where what is stored differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from stakeholders.models import Drift
from stakeholders.services.check_episodes import check_episodes


class Command(BaseCommand):
    help = "Compare all stored episodes with the ledger; fails if any differs. Nothing is mended."

    def handle(self, *args: Any, **options: Any) -> None:
        """Name each cell that differs."""
        # disable=None: no bar where the error stream is no terminal
        with tqdm(unit=_(" estates"), leave=False, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            differing = check_episodes(progress=show)
        for drift in Drift.objects.open().select_related("estate", "building", "need_item"):
            self.stdout.write(
                f"{drift.building.code if drift.building else drift.estate.code} {drift.need_item.code}: "
                f"{drift.stored} → {drift.reckoned}"
            )
        if differing:
            raise CommandError(
                ngettext(
                    "%(count)d cell differs from the ledger.", "%(count)d cells differ from the ledger.", differing
                )
                % {"count": differing}
            )
        self.stdout.write(_("All episodes are as the ledger says."))
