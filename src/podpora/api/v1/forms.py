"""Bodies of endpoints that take files: the fields of a form or of JSON, read by one schema, and the files besides them."""

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from ninja.errors import ValidationError as Unusable
from pydantic import ValidationError

from podpora.api.parsing import loads
from podpora.api.v1.schemas import Strict
from podpora.base.errors import InvalidInput
from podpora.desk.values import MAX_FILE_SIZE, Upload

Body = TypeVar("Body", bound=Strict)
_SWITCHES = {"true": True, "false": False}


def body_of(request: HttpRequest, schema: type[Body]) -> Body:
    """The body as the schema reads it, whichever way it came; everything that is wrong at once."""
    values = _fields(request, schema) if is_form(request) else loads(request.body) if request.body else {}
    try:
        return schema.model_validate(values)
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
        raise Unusable([{**error, "loc": ("body", "body", *error["loc"])} for error in found]) from None


def is_form(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _fields(request: HttpRequest, schema: type[Strict]) -> dict[str, Any]:
    """A form's fields: each once, text as it is, a switch as true or false, a number as such."""
    wrong = {name[:100]: ["twice"] for name, values in request.POST.lists() if len(values) > 1}
    wrong |= {name[:100]: ["invalid_characters"] for name, text in request.POST.items() if "\x00" in f"{name}{text}"}
    if wrong:
        raise InvalidInput(wrong)
    switches = {name for name, field in schema.model_fields.items() if field.annotation is bool}
    numbers = {name for name, field in schema.model_fields.items() if field.annotation is int}
    return {name: _meant(str(text), name in switches, name in numbers) for name, text in request.POST.items()}


def _meant(text: str, is_switch: bool, is_number: bool) -> Any:
    if is_number and text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    return _SWITCHES.get(text, text) if is_switch else text


def files_of(request: HttpRequest) -> dict[str, list[Upload]]:
    """The files of a form by the names of their fields; of a too large one only so much that it is seen to be too large."""
    if not is_form(request):
        return {}
    return {name: [_upload(file) for file in found] for name, found in request.FILES.lists()}


def _upload(file: "UploadedFile[Any]") -> Upload:
    return Upload(str(file.name or ""), file.read(MAX_FILE_SIZE + 1), str(file.content_type or ""))


def described(*schemas: type[Strict]) -> dict[str, Any]:
    """For the documentation: the schemas as JSON, and the last one as a form with files."""
    shapes = [_shape(schema) for schema in schemas]
    form = {**shapes[-1], "additionalProperties": {"type": "string", "format": "binary"}}
    content = {"application/json": {"schema": {"anyOf": shapes}}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}


def _shape(schema: type[Strict]) -> dict[str, Any]:
    """A JSON Schema with its parts in their places."""
    shape = schema.model_json_schema()
    parts = shape.pop("$defs", {})

    def whole(value: Any) -> Any:
        if isinstance(value, dict):
            named = value.get("$ref", "").rpartition("/")[2]
            return whole(parts[named]) if named else {key: whole(inside) for key, inside in value.items()}
        return [whole(inside) for inside in value] if isinstance(value, list) else value

    found: dict[str, Any] = whole(shape)
    return found
