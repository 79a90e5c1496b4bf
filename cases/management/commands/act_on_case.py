"""`manage.py act_on_case`: do something with a case from the command line, as somebody who may."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.api.actions import DEEDS
from cases.models import Case
from cases.policies import NotNowError, allowed_actions
from cases.workflow import Action
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Flag, Number
from stakeholders.management.acting import membership_named
from stakeholders.models import Membership
from stakeholders.roles import Role

FLAGS = {"true": True, "false": False}


class Command(BaseCommand):
    help = "Act on a case with the fields that the REST API takes, such as reason=Done or grant=true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, what to do, as whom, with what."""
        parser.add_argument("number", help="of the case")
        parser.add_argument("action", choices=[action.value for action in DEEDS])
        parser.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help="several values with commas; file=PATH")
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")
        parser.add_argument("--party", metavar="CODE", help="for which party, where the user acts for several")
        parser.add_argument("--role", choices=Role.values, help="in which role, where one party gave the user several")

    def handle(self, *args: Any, number: str, action: str, fields: Sequence[str], **options: Any) -> None:
        """Do it, and say how the case stands then; what is refused is named by its field."""
        by = membership_named(options["username"], options["party"], options["role"])
        case = Case.objects.visible_to(by).filter(number=number).first()
        if case is None:
            raise CommandError(_("There is no case %(number)s, or not for this user.") % {"number": number})
        try:
            case = _act(case, Action(action), fields, by=by)
        except NotNowError as refusal:
            allowed = ", ".join(refusal.allowed)
            raise CommandError(
                _("%(reason)s Allowed now: %(actions)s.") % {"reason": refusal.messages[0], "actions": allowed}
            ) from refusal
        except ValidationError as refusal:
            detail = refusal.message_dict if hasattr(refusal, "error_dict") else refusal.messages
            raise CommandError("\n".join(_problems(detail))) from refusal
        except serializers.ValidationError as refusal:
            raise CommandError("\n".join(_problems(refusal.detail))) from refusal
        except PermissionDenied as refusal:
            raise CommandError(_("You may see this, but not do this.")) from refusal
        allowed = ", ".join(allowed_actions(by, case))
        self.stdout.write(f"{case.number}: {case.get_stage_display()} ({allowed})")


def _act(case: Case, action: Action, fields: Sequence[str], *, by: Membership) -> Case:
    deed = DEEDS[action]
    values = values_of(deed.body, _body(deed.body, fields), {"actor": by})
    return deed.service(case, **values, by=by)


def _body(body: type[StrictBody], fields: Sequence[str]) -> dict[str, Any]:
    """The fields as the body wants them; what it does not know, or cannot be read, the body refuses itself."""
    known = body().fields
    given: dict[str, Any] = {}
    for field in fields:
        name, equals, text = field.partition("=")
        if not equals:
            raise CommandError(_("Write %(field)s as FIELD=VALUE.") % {"field": field})
        given[name] = _value(known.get(name), text)
    return given


def _value(field: Any, text: str) -> Any:
    match field:
        case Flag():
            return FLAGS.get(text, text)
        case Number():
            return int(text) if text.isascii() and text.isdigit() else text
        case serializers.ListField():
            return text.split(",")
        case serializers.FileField():
            return _file(Path(text))
    return text


def _file(path: Path) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(f"file: {path}: {error.strerror}") from error


def _problems(detail: Any, name: str = "") -> Iterator[str]:
    """Each problem behind the name of its field."""
    match detail:
        case Mapping():
            for key, inner in detail.items():
                yield from _problems(inner, "" if key in ("__all__", "non_field_errors") else f"{key}: ")
        case str():
            yield f"{name}{detail}"
        case _:
            for each in detail:
                yield from _problems(each, name)
