"""The documentation of the API for readers: a page that the server draws from the OpenAPI document (no script, strict CSP)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from ninja import NinjaAPI

from podpora.api.openapi import document

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint, as the page shows it."""

    anchor: str
    method: str
    path: str
    title: str
    about: tuple[tuple[tuple[str, bool], ...], ...]  # paragraphs of (text, is it code?)
    needs_token: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    statuses: tuple[str, ...]


def page_for(api: NinjaAPI) -> Any:
    """The view of `/api/docs` for this API."""

    @lru_cache(maxsize=1)
    def groups() -> list[tuple[str, list[Call]]]:
        found: dict[str, list[Call]] = {}
        for tag, call in _calls(document(api)):
            found.setdefault(tag, []).append(call)
        return list(found.items())

    def docs(request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "api/docs.html", {"groups": groups()})

    docs.access = "public"  # type: ignore[attr-defined]
    return docs


def _calls(whole: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    for path, operations in whole["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                yield (operation.get("tags") or ["other"])[0], _call(path, method, operation, whole)


def _call(path: str, method: str, operation: dict[str, Any], whole: dict[str, Any]) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    bodies: list[dict[str, Any]] = list(content.values())
    schema = bodies[0].get("schema", {}) if bodies else {}
    parameters = tuple(
        Field(found["name"], _kind(found["schema"], whole), found.get("required", False), found["in"])
        for found in operation.get("parameters", [])
    )
    short = path.removeprefix("/api/v1/")
    return Call(
        anchor=f"{method}-{short}".replace("/", "-").replace("{", "").replace("}", ""), method=method.upper(), path=path,
        title=operation.get("summary", ""), about=_paragraphs(operation.get("description", "")), needs_token=bool(operation.get("security")),
        parameters=parameters, body=tuple(_fields(schema, whole, "", 0)), statuses=tuple(map(str, operation.get("responses", {}))),
    )  # fmt: skip


def _paragraphs(text: str) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """A docstring as paragraphs; what stands in backticks is code."""
    return tuple(
        tuple((part, number % 2 == 1) for number, part in enumerate(" ".join(paragraph.split()).split("`")) if part)
        for paragraph in text.split("\n\n") if paragraph.strip()
    )  # fmt: skip


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    return _resolved(options[0], whole) if len(options) == 1 else schema


def _fields(schema: dict[str, Any], whole: dict[str, Any], prefix: str, depth: int) -> Iterator[Field]:
    """The fields of a body, those inside others with their path: `device.name`."""
    found = _resolved(schema, whole)
    for name, inner in found.get("properties", {}).items():
        about = inner.get("description", "")
        yield Field(f"{prefix}{name}", _kind(inner, whole), name in found.get("required", []), about)
        nested = _resolved(inner, whole)
        items = _resolved(nested.get("items", {}), whole)
        if depth < 4:
            yield from _fields(nested, whole, f"{prefix}{name}.", depth + 1)
            yield from _fields(items, whole, f"{prefix}{name}[].", depth + 1)


def _kind(schema: dict[str, Any], whole: dict[str, Any]) -> str:
    found = _resolved(schema, whole)
    kind = str(found.get("format") or found.get("type") or "value")
    if kind == "array":
        return f"array of {_kind(found.get('items', {}), whole)}"
    if "enum" in found:
        return " | ".join(map(str, found["enum"]))
    longest = found.get("maxLength")
    return f"{kind} ≤ {longest}" if longest else kind
