"""Babel extractor for Django templates: `{% translate %}`, `{% blocktranslate %}` and `_("…")`."""

import io
import re
from collections.abc import Iterator
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

_CALL = re.compile(
    r"""(?:gettext|ngettext|pgettext|npgettext|_)\((?:[^()"']|u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*')*\)""",
)


def extract(fileobj: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Yield (line, function, message, comments) as Babel's Python extractor does.

    Django's own `templatize` turns a template into Python source; what is not a call is blanked.
    """
    if not fileobj.name.endswith((".html", ".txt")):
        return
    source = templatize(fileobj.read().decode(), origin=fileobj.name)
    calls = _CALL.findall(source)
    yield from extract_python(io.BytesIO("\n".join(calls).encode()), keywords, comment_tags, {"encoding": "utf-8"})
