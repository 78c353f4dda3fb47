"""The words of this room: limits, kinds of file, safe names."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

MAX_SIZE = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
LONGEST_NAME = 120

# Kinds that a browser may show in place, after Pillow has decoded them. Never SVG.
IMAGE_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}

TOO_LARGE = declare("file.too_large", _("This file is larger than {limit} MB."))
EMPTY = declare("file.empty", _("This file is empty."))
