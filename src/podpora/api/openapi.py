"""The OpenAPI document: what ninja reads from the endpoints, and what is true of all of them (errors, idempotency keys)."""

from functools import lru_cache
from typing import Any

from ninja import NinjaAPI

PREFIX = "/api/v1/"
_TEXT = {"type": "string"}
_NEXT = {
    "type": "object", "required": ["kind", "label", "url"],
    "properties": {"kind": {"enum": ["buy", "ask", "forum", "read", "wait"]}, "label": _TEXT, "url": _TEXT},
}  # fmt: skip
_REASON = {
    "type": "object", "required": ["code", "facts", "message", "next"],
    "properties": {"code": _TEXT, "facts": {"type": "object"}, "message": _TEXT, "next": {"type": "array", "items": _NEXT}},
}  # fmt: skip
_ERROR = {
    "type": "object", "required": ["error"], "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object", "required": ["code", "message", "reasons"],
            "properties": {
                "code": _TEXT, "message": {"type": "string", "minLength": 1},
                "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}, "minItems": 1},
                "fields": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT, "minItems": 1}},
                "messages": {"type": "object", "additionalProperties": _TEXT},
            },
        },
    },
}  # fmt: skip
_ALWAYS = {400: "malformed", 404: "not there, or not yours", 422: "fields that can't be used", 503: "busy: try again"}
_REFUSED = {409: "refused by a rule, with reasons and ways out"}
_WITH_TOKEN = {401: "no or unknown token", 403: "the token lacks the scope"} | _REFUSED
_WITH_BODY = _REFUSED | {413: "too large", 415: "not JSON", 429: "too many: wait"}
_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$"},
    "description": "The same key and body give the same answer again, for seven days.",
}  # fmt: skip


@lru_cache(maxsize=1)
def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole document, made once a process."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas |= {"Error": _ERROR, "Reason": _REASON}
    for operations in made["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return made


def _complete(method: str, operation: dict[str, Any]) -> None:
    errors = dict(_ALWAYS) | (_WITH_TOKEN if operation.get("security") else {})
    if method in ("post", "patch", "put", "delete"):
        errors |= _WITH_BODY
    if method == "post":
        operation["parameters"] = [*operation.get("parameters", []), _KEY]
    answers = {str(status): response for status, response in operation["responses"].items()}
    for status, response in answers.items():
        if status != "204" and "content" not in response:
            response["content"] = {"application/json": {"schema": {"type": "object"}}}
    for number, about in errors.items():
        answers.setdefault(str(number), _failure(about))
    operation["responses"] = dict(sorted(answers.items()))


def _failure(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
