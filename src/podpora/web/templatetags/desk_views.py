"""The addresses of the views, for the keys that go to them."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString

from podpora.desk.queries import ListWish
from podpora.web.desk.rail import KEYS
from podpora.web.desk.wishes import query_of

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1)
def view_addresses() -> SafeString:
    """A piece of JSON: the letter behind `g`, and where it goes."""
    base = reverse("desk:home")
    return json_script({key: f"{base}?{query_of(ListWish(view))}" for view, key in KEYS.items()}, "views")
