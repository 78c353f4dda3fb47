"""A licence on its way to another owner (A-17, ORG-6): reason codes and notices."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare
from podpora.catalog.values import WRITE
from podpora.licensing.values.ways import OPEN_LICENCE
from podpora.notifications.values import declare_kind

TRANSFER_LIFE = timedelta(days=14)
RESOLD = declare_kind("licence.resold", label=_("Somebody bought a licence for you"), can_mute=False)
RESALE_CLAIMED = declare_kind("licence.resale_claimed", label=_("A licence that you bought for somebody was claimed"))
TRANSFER_OFFERED_NOTICE = declare_kind("licence.transfer_offered", label=_("Somebody offers you a licence"), can_mute=False)
TRANSFER_CANCELLED_NOTICE = declare_kind(
    "licence.transfer_cancelled", label=_("An offered licence is not handed over"), can_mute=False
)
TRANSFERRED_NOTICE = declare_kind("licence.transferred", label=_("A licence was handed over"), can_mute=False)

TRANSFER_FREE = declare(
    "transfer.not_bought", _("{licence} was not bought: a trial or a FREE licence can't be handed over."), ways=(WRITE,)
)
TRANSFER_REVOKED = declare(
    "transfer.revoked", _("{licence} was returned or taken back: there is nothing to hand over."), ways=(WRITE,)
)
TRANSFER_SUSPENDED = declare(
    "transfer.suspended",
    _("{licence} is suspended, because its payment is disputed. It can be handed over when that is settled."),
    ways=(WRITE,),
)
TRANSFER_ORDER = declare(
    "transfer.open_order", _("Orders about {licence} wait for their payment: {orders}. Pay or cancel them first."), ways=(WRITE,)
)
TRANSFER_OFFERED = declare(
    "transfer.already_offered", _("{licence} is offered to somebody already. Cancel that offer first."), ways=(OPEN_LICENCE, WRITE)
)
TRANSFER_OVER = declare("transfer.over", _("This offer is over: it was accepted, cancelled, or it is too old."), ways=(WRITE,))
TRANSFER_SAME = declare("transfer.same_customer", _("The licence belongs to this customer already."))
