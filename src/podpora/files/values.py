"""The words of this room: limits, kinds of file, safe names."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

MAX_SIZE = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
LONGEST_NAME = 120

# Kinds that a browser may show in place, after Pillow has decoded them. Never SVG.
IMAGE_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}

PICTURE_SIZE = 8 * 1024 * 1024
LONGEST_SIDE = 2000  # of a picture in a text; larger ones are made smaller

TOO_LARGE = declare("file.too_large", _("This file is larger than {limit} MB."))
EMPTY = declare("file.empty", _("This file is empty."))
NO_PICTURE = declare("file.no_picture", _("This is no picture that can be shown: use PNG, JPEG, WebP or GIF."))
TOO_MANY_PIXELS = declare("file.too_many_pixels", _("This picture has too many pixels: make it smaller than 25 megapixels."))
