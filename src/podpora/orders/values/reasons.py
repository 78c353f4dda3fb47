"""What this room's reason codes say."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare
from podpora.catalog.values import WRITE

PAY = Way("buy", _("Pay order {order}"), "shop:order", ("token",), "shop:home")
ASK = WRITE

declare("offer.for_companies", _("{offer} is meant for companies: the licence belongs to the company and its members."))
declare(
    "order.already_ordered",
    _("This is already in order {order}, which waits for its payment. Pay that one, or cancel it first."),
    ways=(PAY, ASK),
)
declare("order.conflict", _("{external_id} was sent before with another content. Nothing was changed."), ways=(ASK,))
declare("order.not_acknowledged", _("Please confirm that you know until when the version is supported."))
declare(
    "order.price_changed",
    _("The price changed while you were here: it is {total} now, not {expected}. Please look at the order again."),
)
declare("order.already_paid", _("Order {order} is already paid."))
declare("order.cancelled", _("Order {order} was cancelled."), ways=(ASK,))
declare("refund.too_much", _("Line {line} has only {left} left to refund."))
declare("refund.nothing_left", _("Everything in order {order} is refunded already."))
declare("refund.exceeds_payment", _("At most {limit} can be refunded without taking rights back."))
declare(
    "payment.provider_away",
    _("This way of paying cannot be reached just now. Try it again in a while, or choose another one."),
    ways=(ASK,),
)
declare("payment.unknown_provider", _("This way of paying is not offered."), ways=(ASK,))
declare("payment.wrong_currency", _("Order {order} is in {currency}; a payment in another currency can't be booked to it."))
declare(
    "payment.not_confirmed", _("The payment is being verified. This page will tell you as soon as it has arrived."), ways=(ASK,)
)
