"""Files and certificates: what a program finds wrong with them, and what the server does (A-9)."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare
from podpora.catalog.values import WRITE
from podpora.licensing.values.ways import AGAIN, MY_LICENCES, REFRESH

# What only the program can meet, in the file that it keeps. Declared here, because the SDK and the documentation use the same list.
declare(
    "licence.certificate_malformed", _("The licence file on this device is damaged. Refresh the licence."), ways=(REFRESH, WRITE)
)
declare("licence.signature_invalid", _("The licence file was changed: its signature does not fit."), ways=(REFRESH, WRITE))
declare(
    "licence.unknown_key",
    _("The licence file is signed by a key that this version of the program does not know. Update it, or refresh the licence."),
    ways=(REFRESH, WRITE),
)
declare(
    "licence.wrong_device",
    _("The licence file is for another device. Activate this one with the licence key."),
    ways=(AGAIN, WRITE),
)
declare(
    "licence.lease_ended",
    _("The licence file was good until {until}. Connect to the internet and refresh the licence, or load a new file."),
    ways=(REFRESH, WRITE),
)
PRODUCT_MISMATCH = declare("licence.product_mismatch", _("The licence is for another program."), ways=(MY_LICENCES, WRITE))

TOO_LARGE = declare("offline.too_large", _("The file is too large: at most {most} bytes are read. Is it the right one?"))
NOT_READABLE = declare(
    "offline.not_readable",
    _("The file can't be read: it was cut off or changed on the way, or is not from the program. Make a new one there."),
)
OTHER_FILE = declare("offline.other_file", _("This is another kind of file ({found}); what is needed here is {expected}."))
SIGNATURE_INVALID = declare(
    "offline.signature_invalid",
    _("The file's signature does not fit: it was changed on the way. Make a new one in the program, under Help > License."),
)
PROOF_UNKNOWN = declare("offline.proof_unknown", _("There is no activation that this proof belongs to."), ways=(MY_LICENCES, WRITE))
STALE_SERIAL = declare(
    "licence.stale_serial", _("This is older than what the device was given last. Make a new file there."), ways=(MY_LICENCES,)
)
LICENCE_NEEDED = declare("offline.licence_needed", _("The request has no licence key in it: say for which licence it is."))
TOO_MANY_FILES = declare("offline.too_many", _("These are too many files at once: at most {most}."))
ARCHIVE_NOT_READABLE = declare(
    "offline.archive_not_readable", _("The archive can't be used: it is damaged, encrypted, or holds too much.")
)
