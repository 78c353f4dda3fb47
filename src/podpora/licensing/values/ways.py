"""Ways on from a refusal of this room."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way

FREE_ONE = Way("read", _("See your devices and free a place"), "portal:licence", ("licence",), "portal:licences")
OPEN_LICENCE = Way("read", _("Open the licence"), "portal:licence", ("licence",), "portal:licences")
ADD_DEVICE = Way("buy", _("Add a device to the licence"), "shop:add_device", ("licence",), "shop:home")
MY_LICENCES = Way("read", _("Find the key among your licences"), "portal:licences")
WAIT = Way("wait", _("Try again tomorrow"))
AGAIN = Way("read", _("Activate this device again"), "portal:licences")
NEW_KEY = Way("read", _("Get a new key for the licence"), "portal:licence", ("licence",), "portal:licences")
REFRESH = Way("read", _("Refresh the licence in the program: Help > License"), "portal:licences")
