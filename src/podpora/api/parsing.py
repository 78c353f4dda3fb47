"""JSON as strictly as it is meant: no duplicate keys, no NaN, no depth, no text that a database can't keep."""

import json
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from podpora.api.envelope import MALFORMED, ApiError
from podpora.base.errors import InvalidInput

DEPTH = 20
LARGEST = 2**53  # what every JSON reader keeps exactly


def _malformed(problem: str) -> ApiError:
    return ApiError(400, MALFORMED, problem=problem)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(_("the key “{name}” stands there twice").format(name=twice[:60]))
    return found


def _no_constant(name: str) -> NoReturn:
    raise _malformed(_("{name} is not a number").format(name=name))


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def loads(raw: bytes) -> Any:
    """Bytes -> value. ApiError 400 for what is not JSON, InvalidInput for text or numbers that can't be kept."""
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise _malformed(_("it is not UTF-8")) from None
    except RecursionError:
        raise _malformed(_("it is nested too deeply")) from None
    except json.JSONDecodeError as problem:
        raise _malformed(
            _("it is not JSON at line {line}, column {column}").format(line=problem.lineno, column=problem.colno)
        ) from None
    except ValueError:
        raise _malformed(_("a number has too many digits")) from None
    _look_through(value, "body", 0)
    return value


def _look_through(value: Any, place: str, depth: int) -> None:
    if depth > DEPTH:
        raise _malformed(_("it is nested too deeply"))
    match value:
        case str():
            if not _keepable(value):
                raise InvalidInput({place: ["invalid_characters"]})
        case bool() | None:
            return
        case int() | float():
            if abs(value) > LARGEST:
                raise InvalidInput({place: ["too_big"]})
        case list():
            for number, item in enumerate(value):
                _look_through(item, f"{place}.{number}" if place != "body" else str(number), depth + 1)
        case dict():
            for name, item in value.items():
                if not _keepable(name):
                    raise InvalidInput({place: ["invalid_characters"]})
                _look_through(item, name if place == "body" else f"{place}.{name}", depth + 1)


def _keepable(text: str) -> bool:
    """PostgreSQL keeps no NUL, UTF-8 no lone surrogates."""
    if text.isascii():
        return "\x00" not in text
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class StrictParser(Parser):
    """ninja's parser with the rules above. An endpoint's body is always an object."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        value = loads(request.body)
        if not isinstance(value, dict):
            raise _malformed(_("the body must be a JSON object"))
        return cast(dict[str, Any], value)
