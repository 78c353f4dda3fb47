"""What a house under fire is stocked with, and what is found wrong with it afterwards. Run as a script: `stock`, or `look` with what was
acknowledged on standard input; the answer is JSON on standard output."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db.models import Count, F, Q  # noqa: E402

from podpora.audit.models import Entry  # noqa: E402
from podpora.base import clock  # noqa: E402
from podpora.desk.models import Ticket  # noqa: E402
from podpora.licensing.models import Activation, Licence  # noqa: E402
from podpora.licensing.queries import key_of  # noqa: E402
from podpora.mail.models import OutgoingMail  # noqa: E402
from podpora.orders.models import Order  # noqa: E402
from podpora.people import actions as people  # noqa: E402
from tests.make import orders as make  # noqa: E402
from tests.orders.shop_to_kill import wrong  # noqa: E402

SEATS = 40


def stock() -> dict[str, str]:
    """A shop that sold one licence, and a system that may do everything."""
    make.shop()
    make.bought("pro-company", SEATS, on=f"{clock.now() - timedelta(days=2):%Y-%m-%d}")
    secret = people.create_token("pester", ["all"], None, by=make.BY, at=clock.now())
    return {"token": secret, "key": key_of(Licence.objects.get()), "product": Licence.objects.get().product.code}


def look(told: dict[str, list[str]]) -> list[str]:
    """The invariants of the reliability chapter: nothing half, nothing twice, nothing acknowledged lost."""
    found = wrong()
    seated = Count("activations", filter=Q(activations__state="active"))
    found += [f"{licence}: seats" for licence in Licence.objects.annotate(n=seated).exclude(n=F("seats_used"))]
    found += [f"{licence}: too many" for licence in Licence.objects.filter(seats_used__gt=F("seats"))]
    for kind, model, field in (("activation", Activation, "code"), ("order", Order, "external_id"), ("ticket", Ticket, "code")):
        there = set(model._default_manager.values_list(field, flat=True))  # type: ignore[attr-defined]
        found += [f"{kind} {code} was acknowledged and is lost" for code in told[kind] if code not in there]
    twice = Activation.objects.filter(state="active").values("device").annotate(n=Count("id")).filter(n__gt=1)
    found += [f"device {row['device']} sits twice" for row in twice]
    found += [
        f"mail {row['message_id']} twice"
        for row in OutgoingMail.objects.values("message_id").annotate(n=Count("id")).filter(n__gt=1)
    ]
    activated = Entry.objects.filter(verb="licence.activated").count()
    return found + ([] if activated == Activation.objects.count() else ["an activation without its row in the audit"])


if __name__ == "__main__":
    told = stock() if sys.argv[1] == "stock" else look(json.load(sys.stdin))
    sys.stdout.write(json.dumps(told) + "\n")
