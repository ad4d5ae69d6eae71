"""The contract of the API: as OpenAPI for programs, and as a page for people. Both are made from the doors themselves."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.doors import Door, NoQuery, asked, reads

METHODS = ("get", "post", "put")


class SessionScheme(OpenApiAuthenticationExtension):
    """Tells the schema that the session of the pages opens the API too."""

    target_class = "coordination.api.authentication.ActorAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Unsafe methods also ask for the CSRF token in the header X-CSRFToken.",
        }


@cache
def contract() -> dict[str, Any]:
    """Return the schema; the same for everybody, since it tells of doors and never of who may open them."""
    # Choices stand with their fields; a name of their own for each set would only have to be looked up.
    with patched_settings({"POSTPROCESSING_HOOKS": []}):
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


class Schema(Door):
    """The schema as JSON."""

    @reads("get_schema", "Denne beskrivelsen", OpenApiTypes.OBJECT, tag="Beskrivelse")
    def get(self, request: Request) -> Response:
        """Return the schema."""
        asked(request, NoQuery)
        return Response(contract())


@require_http_methods(["GET"])
def docs(request: HttpRequest) -> HttpResponse:
    """Show the operations with their parameters and fields."""
    if getattr(request, "actor", None) is None:
        return redirect("login")
    schema = contract()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(schema, method.upper(), path, item[method])
                groups.setdefault(item[method]["tags"][0], []).append(operation)
    context = {
        "groups": [{"title": title, "operations": found} for title, found in groups.items()],
        "schema_url": reverse("api_schema"),
    }
    return render(request, "coordination/api/docs.html", context)


def _operation(schema: dict[str, Any], method: str, path: str, found: dict[str, Any]) -> dict[str, Any]:
    body = _content(found.get("requestBody", {}))
    answers = found["responses"]
    good = next(code for code in sorted(answers) if code.startswith("2"))
    return {
        "id": found["operationId"],
        "method": method,
        # In parts, so that a narrow page may break it.
        "parts": [*path.strip("/").split("/"), ""],
        "summary": found.get("summary", ""),
        "parameters": [
            {
                "name": p["name"],
                "where": p["in"],
                "type": _type(p["schema"]),
                "required": p.get("required", False),
            }
            for p in found.get("parameters", [])
        ],
        "body": _fields(schema, body) if body else [],
        "answer": _fields(schema, _content(answers[good])),
        "status": good,
        "problems": ", ".join(code for code in sorted(answers) if code != good),
    }


def _content(part: dict[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = part.get("content", {})
    for kind in kinds.values():
        found: dict[str, Any] = kind.get("schema", {})
        return found
    return {}


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        found: dict[str, Any] = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
        return found
    if len(part.get("allOf", [])) == 1:
        return _resolved(schema, part["allOf"][0])
    return part


def _fields(schema: dict[str, Any], part: dict[str, Any], before: str = "") -> list[dict[str, Any]]:
    """Return every field with its full name, the fields of parts and of list items after the field that holds them."""
    whole = _resolved(schema, part)
    rows: list[dict[str, Any]] = []
    for name, field in whole.get("properties", {}).items():
        inner = _resolved(schema, field)
        item = _resolved(schema, inner.get("items", {}))
        rows.append(
            {
                "name": f"{before}{name}",
                "type": _type(inner),
                "required": name in whole.get("required", []),
            }
        )
        if "properties" in inner:
            rows += _fields(schema, inner, f"{before}{name}.")
        elif "properties" in item:
            rows += _fields(schema, item, f"{before}{name}[].")
    return rows


def _type(part: dict[str, Any]) -> str:
    """Return a type as a reader needs it: its form where it has one, else its sort; the choices where there are some."""
    if part.get("enum"):
        return " | ".join(str(value) for value in part["enum"] if value is not None)
    return str(part.get("format") or part.get("type", "object"))
