"""Answers and refusals of Open311, as clients read them."""

import json
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client

ROOT = "/open311/v2/"


def as_json(client: Client, path: str, **parameters: Any) -> Any:
    response = client.get(f"{ROOT}{path}.json", parameters)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.content)


def as_xml(client: Client, path: str, **parameters: Any) -> ET.Element:
    response = client.get(f"{ROOT}{path}.xml", parameters)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def numbers(client: Client, **parameters: Any) -> list[str]:
    return [each["service_request_id"] for each in as_json(client, "requests", **parameters)]


def refused(response: Any, status: int) -> str:
    """A refusal in either format says its status and why."""
    assert response.status_code == status, response.content.decode()
    if response["Content-Type"].startswith("text/xml"):
        root = ET.fromstring(response.content)  # noqa: S314 -- our own
        assert (root.tag, root[0].tag) == ("errors", "error")
        assert root.findtext("error/code") == str(status)
        return root.findtext("error/description") or ""
    [first, *_rest] = json.loads(response.content)
    assert first["code"] == str(status)
    return str(first["description"])
