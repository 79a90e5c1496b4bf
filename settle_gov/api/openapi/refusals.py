"""What every operation may be refused with, and the headers that many share: added to the document at its end."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from cases.api.cases import CaseViewSet
from settle_gov.api.problems import TITLES
from stakeholders.api.sparse import FIELDS

Document = dict[str, Any]
PROBLEM = "application/problem+json"
WRITING = {"post", "patch", "delete"}
TEXT = {"type": "string"}

FAULT = {
    "type": "object",
    "properties": {"name": TEXT, "code": TEXT, "reason": TEXT},
    "required": ["name", "code", "reason"],
}
MEMBERS = {
    "type": TEXT,
    "title": TEXT,
    "status": {"type": "integer"},
    "code": TEXT,
    "detail": TEXT,
    "instance": TEXT,
    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    "allowed_actions": {"type": "array", "items": TEXT},
}
SCHEMAS = {
    "Fault": FAULT,
    "Problem": {
        "type": "object",
        "properties": MEMBERS,
        "required": ["type", "title", "status", "code", "detail", "instance"],
    },
}
# Where waiting helps, the answer says how long
WAITING = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
IF_MATCH = {"name": "If-Match", "in": "header", "schema": TEXT}
ETAG = {"ETag": {"schema": TEXT}}
VERSIONED = re.compile(
    r"/api/v1/(?:deadline-rules|escalation-rules|areas|grids|estates|buildings|households|residents|parties"
    r"|need-classes|need-items)/{\w+}/(?:close/)?$"
)


def tell_refusals(result: Document, generator: Any, request: Any, public: bool) -> Document:
    """Add the refusals of each operation, and `If-Match` and `ETag` where they mean something."""
    result["components"]["schemas"] |= SCHEMAS
    result["components"]["responses"] = {f"Refused{status}": _refused(status) for status in TITLES}
    for path, method, operation in _operations(result):
        _let_fields_be_left_out(operation, result["components"]["schemas"])
        for status in sorted(_statuses(path, method, operation)):
            reference = {"$ref": f"#/components/responses/Refused{status}"}
            operation["responses"].setdefault(str(int(status)), reference)
        if is_versioned(path, method):
            operation.setdefault("parameters", []).append(IF_MATCH)
        if is_versioned(path, method) or (method == "get" and is_versioned(path, "patch")):
            for code in operation["responses"].keys() & {"200", "201"}:
                operation["responses"][code].setdefault("headers", {}).update(ETAG)
    _let_codes_stand_for_objects(result["components"]["schemas"])
    plain: Document = _plain(result)
    return plain


def _plain(described: Any) -> Any:
    """The same without the marks that the generator leaves for itself.

    Of several shapes any may fit, and more than one does where `fields` has left out what tells them apart.
    """
    match described:
        case dict():
            kept = {name: _plain(value) for name, value in described.items() if name != "x-spec-enum-id"}
            return {"anyOf" if name == "oneOf" else name: value for name, value in kept.items()}
        case list():
            return [_plain(each) for each in described]
    return described


def _let_fields_be_left_out(operation: Document, schemas: Document) -> None:
    """Where `fields` chooses among the fields of an answer, none of them is sure to be there."""
    if not any(each["name"] == FIELDS for each in operation.get("parameters", ())):
        return
    shown = operation["responses"]["200"]["content"]["application/json"]["schema"]
    component = schemas[_name(shown)]
    if page := component["properties"].get("results"):
        component = schemas[_name(page["items"])]
    component.pop("required", None)


def _let_codes_stand_for_objects(schemas: Document) -> None:
    """Where `expand` puts an object in the place of its code, either may be there."""
    fields = schemas["Case"]["properties"]
    for name, kind in CaseViewSet().expands.items():
        component = kind.serializer_class.__name__.removesuffix("Serializer")
        whole = {"$ref": f"#/components/schemas/{component}"}
        if "items" in fields[name]:
            fields[name]["items"] = {"anyOf": [fields[name]["items"], whole]}
        else:
            fields[name] = {"anyOf": [{"type": fields[name].pop("type")}, whole], **fields[name]}


def _name(reference: Document) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def is_versioned(path: str, method: str) -> bool:
    """Whether a write may name the version that it is meant for."""
    return method in WRITING and (VERSIONED.match(path) is not None or path.startswith("/api/v1/cases/{number}/"))


def _operations(result: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _statuses(path: str, method: str, operation: Document) -> set[HTTPStatus]:
    found = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.TOO_MANY_REQUESTS}
    if operation.get("security"):
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if "{" in path:
        found.add(HTTPStatus.NOT_FOUND)
    if method in WRITING:
        found |= {HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if is_versioned(path, method):
        found.add(HTTPStatus.PRECONDITION_FAILED)
    return found


def _refused(status: int) -> Document:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    refused: Document = {"description": str(TITLES[status]), "content": {PROBLEM: problem}}
    if status in WAITING:
        refused["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return refused
