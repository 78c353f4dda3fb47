"""A table for a spreadsheet as a file to keep (base/spreadsheets.py)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from podpora.base.spreadsheets import lines


def download(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`header` is written in the reader's language now; `rows` are read while they are sent."""
    response = StreamingHttpResponse(lines([str(cell) for cell in header], rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
