"""Ledgers of cases: to be sent as a file, looked at before they are imported, and followed while they are."""

import gzip
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.mixins import ListModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from cases.api.beside import AnyType
from cases.models import CaseImport, RefusedRow
from cases.policies import can_import
from cases.services.send_import import LARGEST, send_import
from cases.services.start_import import start_import
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Code, File, Reference, Text
from stakeholders.api.forms import Files, FormParser, TakesFiles
from stakeholders.api.parameters import refuse_strangers
from stakeholders.models import Area
from stakeholders.policies import require


class NotReady(APIException):
    """It cannot be started as it is."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "state"


class ImportBody(StrictBody):
    """A ledger, and how to read it."""

    is_form = True
    file = File()
    mapping = Text(max_length=50, required=False)
    area = Reference(Area.objects.all(), required=False)
    due = Text(max_length=40, required=False)


class ImportFiguresSerializer(serializers.Serializer[Any]):
    """What a dry run would do, or the import did."""

    rows = serializers.IntegerField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    closed = serializers.IntegerField()
    late = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer[CaseImport]):
    """An import and how far it is: `checked` tells what it would do, `imported` what it did."""

    area = Code()
    checked = ImportFiguresSerializer(source="check_figures", allow_null=True)
    imported = ImportFiguresSerializer(source="import_figures", allow_null=True)
    unread = serializers.ListField(child=serializers.CharField(), allow_null=True)

    class Meta:
        model = CaseImport
        fields = [
            *("id", "name", "size", "sha256", "mapping", "area", "due", "state", "reason", "done", "total"),
            *("added", "checked", "imported", "unread", "created_at", "checked_at", "started_at", "finished_at"),
        ]


class RefusedRowSerializer(serializers.ModelSerializer[RefusedRow]):
    """A row that was left out, by its number in the file, and all that is wrong with it."""

    problems = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = RefusedRow
        fields = ["row", "problems"]


class OwnImports(ActingView):
    """Nobody sees what others have sent."""

    serializer_class = ImportSerializer

    def get_queryset(self) -> QuerySet[CaseImport]:
        """The imports of the actor, without their files."""
        require(can_import(self.actor))
        return CaseImport.objects.visible_to(self.actor).for_list()


class Imports(TakesFiles, ListModelMixin, OwnImports, GenericViewSet[Any]):
    """The imports of the actor, latest sent first."""

    parser_classes = (FormParser,)
    files = Files("file", LARGEST)
    ordering = ("-id",)

    @extend_schema(request={"multipart/form-data": ImportBody}, responses={202: ImportSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Take a ledger; 202, for it is checked later, and imported only when it is started."""
        require(can_import(self.actor))
        values = values_of(ImportBody, request.data, self.get_serializer_context())
        sent = send_import(**values, by=self.actor)
        headers = {"Location": reverse("api:import", args=[sent.pk], request=request)}
        return Response(self.get_serializer(sent).data, status.HTTP_202_ACCEPTED, headers=headers)


class OneImport(OwnImports):
    """One import of the actor."""

    detail = True

    def get(self, request: MemberRequest, pk: int) -> Response:
        """How far it is, and what it would do or did."""
        return Response(self.get_serializer(self.get_object()).data)


class StartImport(OwnImports):
    """An import that was checked."""

    @extend_schema(request=StrictBody, responses={202: ImportSerializer})
    def post(self, request: MemberRequest, pk: int) -> Response:
        """Have it imported; 409 where it is not checked, was refused, or was started before."""
        sent = self.get_object()
        values_of(StrictBody, request.data, self.get_serializer_context())
        try:
            started = start_import(sent, by=self.actor)
        except ValidationError as error:
            raise NotReady(" ".join(error.messages)) from error
        return Response(self.get_serializer(started).data, status.HTTP_202_ACCEPTED)


class ImportErrors(ListModelMixin, ActingView, GenericViewSet[Any]):
    """The rows of an import that were left out, in the order of the file."""

    serializer_class = RefusedRowSerializer
    ordering = ("row",)

    def get_queryset(self) -> QuerySet[RefusedRow]:
        """Those of the import of the address."""
        require(can_import(self.actor))
        kept = get_object_or_404(CaseImport.objects.visible_to(self.actor).only("pk"), pk=self.kwargs["pk"])
        return kept.left_out.all()


class ImportRefusedRows(OwnImports):
    """The rows that were left out as a file, to be mended and sent again."""

    detail = True
    renderer_classes = (JSONRenderer, AnyType)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: MemberRequest, pk: int) -> FileResponse:
        """All of them, the way the file is written, with a last column that says what is wrong."""
        refuse_strangers(request, frozenset())
        sent = self.get_object()
        if sent.refused_file is None:
            raise NotReady(_("It is not checked yet."))
        name, packed = PurePath(sent.name), BytesIO(sent.refused_file)
        return FileResponse(
            gzip.open(packed),
            as_attachment=True,
            filename=f"{name.stem}.errors{name.suffix}",
        )
