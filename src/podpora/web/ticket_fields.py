"""The vendor's own fields of a ticket in a form: on the desk all of a queue, on the customer's form the public ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.desk.models import Field
from podpora.desk.values import FieldKind


def drawn(fields: Iterable[Field], values: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The fields as `components/ticket_fields.html` draws them; `errors` by their codes."""
    return [_drawn(field, str(values.get(field.code) or ""), (errors or {}).get(field.code, "")) for field in fields]


def _drawn(field: Field, value: str, error: str) -> dict[str, Any]:
    cs = get_language() == "cs"
    chosen = value.split("\n")
    return {
        "code": field.code,
        "kind": field.kind,
        "name": field.name_cs if cs else field.name_en,
        "help": field.help_cs if cs else field.help_en,
        "value": value,
        "error": error,
        "required": field.is_required,
        "choices": [(choice["value"], choice["cs"] if cs else choice["en"], choice["value"] in chosen) for choice in field.choices],
        "shown_when": field.shown_when.code if field.shown_when else "",
        "shown_when_values": "\n".join(field.shown_when_values),
    }


def errors_of(problem: InvalidInput) -> dict[str, str]:
    """What is wrong with own fields, in the reader's language, by their codes."""
    return {
        name.removeprefix("fields."): str(field_sentence(codes[0], problem.facts.get(name)))
        for name, codes in problem.fields.items()
        if name.startswith("fields.")
    }


def given(post: QueryDict, fields: Iterable[Field]) -> dict[str, Any]:
    """What was filled in, by the fields' codes."""
    found: dict[str, Any] = {}
    for field in fields:
        name = f"f-{field.code}"
        if field.kind == FieldKind.MULTI:
            found[field.code] = post.getlist(name)
        elif field.kind == FieldKind.CHECKBOX:
            found[field.code] = "yes" if post.get(name) else ""
        elif name in post:
            found[field.code] = str(post.get(name, ""))
    return found
