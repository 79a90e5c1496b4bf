"""`manage.py up`: the whole system with one command, and with one Ctrl-C."""

import os
import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from settle_gov.broker import broker_folder, broker_url, start_broker
from settle_gov.celery import app
from settle_gov.collected_static import collect_static_if_changed
from settle_gov.demo.load import is_empty
from settle_gov.parts import beat_command, web_command, worker_command
from settle_gov.readiness import broker_answers, web_answers, web_url, worker_answers
from settle_gov.start_checks import CannotStartError, only_one, refuse_taken_port
from settle_gov.supervisor import ChildFailedError, Supervisor

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    """Prepares the data, then runs broker, worker, beat and web until stopped, or until one of them fails."""

    help = "Run the website, the API, the background worker and the broker together; Ctrl-C ends them all."
    requires_system_checks = ()  # `make check` runs them; here they would only make every start slower

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let those who bring their own data start without the invented ones."""
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *, no_demo: bool, **_options: Any) -> None:
        """Run until told to stop (exit code 0) or until something fails (1)."""
        for each in STOP_SIGNALS:
            signal.signal(each, signal.default_int_handler)
        try:
            refuse_taken_port(settings.HOST, settings.PORT)
            with only_one(settings.DATA_DIR), ExitStack() as stack:
                self._run(stack, no_demo=no_demo)
        except KeyboardInterrupt:
            self._say(_("Stopped."))
        except (CannotStartError, ChildFailedError) as error:
            raise CommandError(str(error)) from error

    def _run(self, stack: ExitStack, *, no_demo: bool) -> None:
        """Start the parts in an order that lets each find what it needs, and then look after them.

        They end in reverse order: nothing new comes in (beat, web) while the worker finishes what it has begun, and
        the broker goes last. Each has its own patience; together they stay below the ten seconds a stop may take.
        """
        folder = stack.enter_context(broker_folder(settings.BROKER_NOTE))
        supervisor = stack.enter_context(Supervisor(logs=settings.DATA_DIR / "logs", folder=settings.BASE_DIR))
        stack.enter_context(self._unhurried_stop())
        url = settings.EXTERNAL_BROKER or broker_url(folder)
        app.conf.update(broker_url=url)  # the settings were read before there was a broker
        env = os.environ | {"REDIS_URL": url, "DATA_DIR": str(settings.DATA_DIR)}

        if settings.EXTERNAL_BROKER:
            if not broker_answers(app):
                raise CannotStartError(_("The broker named by REDIS_URL does not answer."))
        else:
            broker = start_broker(supervisor, url, env=env)
            supervisor.wait_until(partial(broker_answers, app), broker, seconds=10)
            settings.BROKER_NOTE.write_text(url)
        name = f"up-{os.getpid()}@localhost"
        worker = supervisor.start("worker", worker_command(name), env=env, patience=5)
        self._prepare_data(load_demo=not no_demo)  # while the worker comes up: nobody sends it anything yet
        web = supervisor.start("web", web_command(settings.HOST, settings.PORT), env=env, patience=2.5)
        accounts = "" if no_demo else _demo_accounts()  # while the web comes up: its passwords take long to check
        supervisor.wait_until(partial(web_answers, settings.HOST, settings.PORT), web, seconds=60)
        supervisor.wait_until(partial(worker_answers, app, name), worker, seconds=60)
        supervisor.start("beat", beat_command(settings.DATA_DIR / "beat-schedule"), env=env, patience=0.5)

        ready = _("settle_gov is ready at %(address)s — logs: %(logs)s")
        self._say(ready % {"address": web_url(settings.HOST, settings.PORT), "logs": supervisor.logs})
        self._say(accounts + _("Press Ctrl-C to stop."))
        supervisor.watch()

    def _prepare_data(self, *, load_demo: bool) -> None:
        """Bring the database and the static files up to what this version expects."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("seed", verbosity=0)
        if load_demo and is_empty():
            self._say(_("The database is empty: loading the demo township…"))
            call_command("load_demo", stdout=self.stdout)
        if collect_static_if_changed(settings.DATA_DIR / "static.collected"):
            self._say(_("Static files collected."))

    @contextmanager
    def _unhurried_stop(self) -> Iterator[None]:
        """From here on a second Ctrl-C changes nothing: the parts are ending already, and soon."""
        try:
            yield
        finally:
            for each in STOP_SIGNALS:
                signal.signal(each, signal.SIG_IGN)
            self._say(_("Stopping…"))

    def _say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()


def _demo_accounts() -> str:
    """Return a line for each demo account that is still there."""
    lines = StringIO()
    call_command("load_demo", print_accounts=True, stdout=lines)
    return lines.getvalue()
