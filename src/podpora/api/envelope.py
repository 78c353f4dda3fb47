"""What an answer looks like: JSON, and one form for every error (API.md: "Errors, everywhere")."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, HttpError, ValidationError

from podpora.base import reasons
from podpora.base.decisions import Decision, Reason, Refused
from podpora.base.errors import FilesAway, InvalidInput, NotYours
from podpora.base.fields import TYPES, field_sentence

log = logging.getLogger(__name__)
declare = reasons.declare

MALFORMED = declare("request.malformed", gettext_lazy("The request can't be read: {problem}."))
INVALID = declare("request.invalid", gettext_lazy("Some fields can't be used. {told}"))
NOT_FOUND = declare("request.not_found", gettext_lazy("There is nothing here."))
VERSION_GONE = declare(
    "request.version_gone", gettext_lazy("The version {version} of the API is gone. Everything is under /api/v1/, and signed.")
)
METHOD = declare("request.method_not_allowed", gettext_lazy("This address does not answer {method}."))
TOO_LARGE = declare("request.too_large", gettext_lazy("The request is too large; at most {limit} bytes are read."))
TYPE = declare("request.unsupported_type", gettext_lazy("Send JSON (Content-Type: application/json)."))
TOO_MANY = declare("request.too_many", gettext_lazy("Too many requests; try again in {seconds} seconds."))
KEY_REUSED = declare(
    "request.idempotency_key_reused", gettext_lazy("This Idempotency-Key was used with another request. Use a new one.")
)
KEY_UNUSABLE = declare("request.idempotency_key", gettext_lazy("An Idempotency-Key has 1 to 200 printable characters."))
IN_ADDRESS = declare(
    "request.credential_in_address",
    gettext_lazy("A token or key in the address ends up in logs: send it in the Authorization header or the body."),
)
TOKEN_MISSING = declare("token.missing", gettext_lazy("Send a token: Authorization: Bearer …"))
TOKEN_NOT_VALID = declare("token.not_valid", gettext_lazy("The token is unknown or was revoked."))
TOKEN_SCOPE = declare("token.scope_missing", gettext_lazy("The token may not do this; it needs the scope {scope}."))
TOKEN_ROLE = declare(
    "token.role",
    gettext_lazy("This is for the vendor's systems and staff; {person}, whose token this is, has no role there that may do it."),
)
BUSY = declare("server.busy", gettext_lazy("The database is busy. Try again in a moment."))
FILES_AWAY = declare(
    "server.files_away", gettext_lazy("Files cannot be kept or read just now; nothing was stored. Try again in a while.")
)
FAILED = declare("server.error", gettext_lazy("Something went wrong here. It is logged; try again later."))


class ApiError(Exception):
    """An error of the request itself, with its status. Rules refuse with `Refused`, input with `InvalidInput`."""

    def __init__(self, status: int, code: str, *, headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.status = status
        self.reason = Reason(code, facts)
        self.headers = dict(headers or {})


def too_many(seconds: int) -> ApiError:
    """429 with `Retry-After`."""
    return ApiError(429, TOO_MANY, headers={"Retry-After": str(max(seconds, 1))}, seconds=max(seconds, 1))


def answer(data: Any = None, status: int = 200, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The answer of an endpoint: JSON, or an empty body for None."""
    body = b"" if data is None else json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
    kind = "application/json; charset=utf-8" if data is not None else None
    response = HttpResponse(body, status=status, content_type=kind, headers=dict(headers or {}))
    if data is None:
        response.headers.pop("Content-Type", None)
    return response


def error(status: int, reasons_: Sequence[Reason], *, headers: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
    """The one form of every error. `more`: `fields`, `devices` … beside the code."""
    decision = Decision(tuple(reasons_))
    shown = [reason for reason in decision.reasons if reason.blocks] or list(decision.reasons)
    body = {
        "code": decision.code, "message": reasons.message(decision), "reasons": [reasons.wire(r) for r in shown], **more,
    }  # fmt: skip
    return answer({"error": body}, status, headers=headers)


def of_exception(request: HttpRequest, problem: Exception) -> HttpResponse:
    """Every exception that may leave an endpoint -> its answer. Unknown ones are logged and answered with 500."""
    match problem:
        case ApiError():
            return error(problem.status, [problem.reason], headers=problem.headers)
        case Refused():
            return error(409, problem.decision.reasons)
        case InvalidInput():
            return _invalid(problem.fields, problem.facts)
        case ValidationError():
            return _invalid(*_fields_of(problem.errors))
        case NotYours() | Http404():
            return error(404, [Reason(NOT_FOUND)])
        case AuthenticationError():
            code = TOKEN_NOT_VALID if request.headers.get("Authorization") else TOKEN_MISSING
            return error(401, [Reason(code)], headers={"WWW-Authenticate": 'Bearer realm="podpora"'})
        case HttpError() if isinstance(problem.__cause__, ApiError | InvalidInput):
            return of_exception(request, problem.__cause__)
        case HttpError():
            return error(problem.status_code, [Reason(MALFORMED, {"problem": problem.message})])
        case RequestDataTooBig():
            return error(413, [Reason(TOO_LARGE, {"limit": BODY_LIMIT})])
        case TooManyFilesSent():
            return _invalid({"files": ["too_many"]}, {})
        case MultiPartParserError() | SuspiciousOperation() | UnreadablePostError():
            return error(400, [Reason(MALFORMED, {"problem": gettext_lazy("the body is not what its Content-Type says")})])
        case OperationalError():
            log.warning("database busy: %s %s", request.method, request.path)
            return error(503, [Reason(BUSY)], headers={"Retry-After": "1"})
        case FilesAway():
            log.error("storage of files away: %s %s: %s", request.method, request.path, problem)
            return error(503, [Reason(FILES_AWAY)], headers={"Retry-After": "30"})
    log.exception("unexpected error: %s %s", request.method, request.path, exc_info=problem)
    return error(500, [Reason(FAILED)])


BODY_LIMIT = 1024 * 1024


Facts = Mapping[str, Mapping[str, Any]]
MOST_WRONG = 100  # fields that are spoken of at all
TOLD = 20  # fields that the message speaks of; `fields` and `messages` have all of them


def _invalid(fields: Mapping[str, Sequence[str]], facts: Facts) -> HttpResponse:
    """422: every wrong field with its codes (`fields`) and its sentences (`messages`); the message tells them one after the other.

    When the only code of the only field is a reason of a room, it is the error's code too (`licence.key_mistyped`).
    """
    codes = {code for codes in fields.values() for code in codes}
    if len(codes) == 1 and "." in (only := next(iter(codes))) and only in reasons.declared():
        named = next(name for name, found in fields.items() if only in found)
        return error(422, [Reason(only, facts.get(named, {}))], fields=dict(fields))
    messages = {
        name: " ".join(field_sentence(code, facts.get(name)) for code in dict.fromkeys(found)) for name, found in fields.items()
    }
    told = " ".join(f"{name[:80]}: {text}" for name, text in list(messages.items())[:TOLD])
    return error(422, [Reason(INVALID, {"fields": sorted(fields), "told": told})], fields=dict(fields), messages=messages)


# What pydantic calls it -> what we call it; anything else is `not_valid`.
_CODES = {
    "missing": "required", "string_too_long": "too_long", "string_too_short": "too_short", "too_long": "too_many",
    "too_short": "too_few", "extra_forbidden": "unknown", "literal_error": "unknown", "enum": "unknown",
    "greater_than": "too_small", "greater_than_equal": "too_small", "less_than": "too_big", "less_than_equal": "too_big",
}  # fmt: skip
_TYPES = ("_type", "_parsing", "_from_float")
# The facts of a sentence (base/fields.py), by what pydantic calls them.
_LIMITS = {"max_length": "most", "min_length": "least", "le": "most", "lt": "most", "ge": "least", "gt": "least"}


def _fields_of(errors: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    """What pydantic found -> our codes by field, and the facts of their sentences."""
    fields: dict[str, list[str]] = {}
    facts: dict[str, dict[str, Any]] = {}
    for problem in errors[:MOST_WRONG]:
        # ("body", "body", "device", "name") -> device.name; the parameter's own name is not the sender's word
        place = [str(part) for part in problem["loc"]][1:]
        if problem["loc"][0] == "body":
            place = place[1:]
        name = ".".join(part[:100] for part in place if part != "[key]") or "body"
        kind, context = str(problem["type"]), problem.get("ctx", {})
        code = _CODES.get(kind) or ("wrong_type" if kind.endswith(_TYPES) else "not_valid")
        named = [str(argument) for argument in context.get("codes", ())] or [code]
        fields.setdefault(name, []).extend(each for each in named if each not in fields.get(name, ()))
        facts.setdefault(name, {}).update(_facts_of(kind, context))
    return fields, facts


def _facts_of(kind: str, context: Mapping[str, Any]) -> dict[str, Any]:
    found = {ours: context[theirs] for theirs, ours in _LIMITS.items() if theirs in context}
    if "expected" in context:
        found["choices"] = str(context["expected"]).replace("'", "")
    if kind.endswith(_TYPES) and (expected := TYPES.get(kind.partition("_")[0])):
        found["expected"] = str(expected)
    return found | dict(context.get("facts", {}))


def explained(decision: Decision) -> dict[str, Any]:
    """A decision inside an answer: `{allowed, code, message, next}`."""
    shown = [r for r in decision.reasons if r.blocks] or list(decision.reasons)
    steps = [step for reason in shown for step in reasons.ways(reason)]
    return {"allowed": decision.allowed, "code": decision.code, "message": reasons.message(decision) or _("Yes."), "next": steps}
