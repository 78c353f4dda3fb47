"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page_facts(request: HttpRequest) -> dict[str, Any]:
    return {"LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE), "DEMO": settings.DEMO}
