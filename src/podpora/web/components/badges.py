"""The badge as a value: lists draw it fifty times on a page, and a template in a loop costs more than the query behind it."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=1024)
def badge(label: str, kind: str = "", title: str = "") -> SafeString:
    """The same mark-up as components/badge.html without an icon. `kind`: good, warn, bad, accent or nothing."""
    hover = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="{}"{}>{}</span>', f"badge {kind}".rstrip(), hover, label)
