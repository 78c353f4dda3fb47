"""Another of the vendor's systems sends orders, payments and refunds to a process that is killed again and again. Run as a script.

Standard output: what was found wrong (nothing: `[]`), as JSON, after each kill and at the end.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from podpora.base import clock  # noqa: E402
from podpora.base.clock import format_instant  # noqa: E402
from podpora.entitlements.models import LedgerEntry, Standing  # noqa: E402
from podpora.journeys.rights import rights_of_many  # noqa: E402
from podpora.licensing.models import Licence  # noqa: E402
from podpora.mail.models import OutgoingMail  # noqa: E402
from podpora.orders.models import Invoice, MoneyEvent, Order, OrderLine  # noqa: E402
from tests.make import orders as make  # noqa: E402
from tests.make.order_api import Api  # noqa: E402


def send_all(api: Api, count: int, on: str) -> list[dict[str, object]]:
    """Every third order is paid by a later message, every fifth is refunded. Sent again, the same answer is expected."""
    answers = []
    for n in range(count):
        body = {
            "external_id": f"X-{n}", "customer": {"email": f"p{n % 7}@private.example", "name": "P"}, "currency": "CZK",
            "placed_at": on, "lines": [{"offer": "pro-private-3", "quantity": 1}, {"offer": "pro-private-1", "quantity": 1}],
        }  # fmt: skip
        later = n % 3 == 0
        status, told = api.post("orders", body if later else body | {"paid_at": on})
        assert status in (200, 201), told
        if later:
            status, told = api.post(
                f"orders/{told['code']}/payments", {"external_id": "P-1", "paid_at": on, "amount": told["total"]}
            )
            assert status in (200, 201), told
        if n % 5 == 0:
            status, told = api.post(f"orders/{told['code']}/refunds", {"external_id": "R-1", "at": on, "lines": [2]})
            assert status in (200, 201), told
        answers.append(told)
    return answers


def wrong() -> list[str]:
    """Half states: what must never be seen, whenever the process was killed."""
    found = []
    licences = {licence.code: licence for licence in Licence.objects.all()}
    lines = list(OrderLine.objects.select_related("order"))
    rights = rights_of_many(licences.values(), at=clock.now())
    for line in lines:
        paid = line.order.paid_at is not None
        if paid != (line.licence_code in licences) or paid != (line.delivered_at is not None):
            found.append(f"{line} is half delivered")
        if not LedgerEntry.objects.filter(licence=line.licence_code).exists():
            found.append(f"{line} has no ledger")
    for order in Order.objects.all():
        paid = order.paid_at is not None
        invoices = Invoice.objects.filter(order=order, kind="tax").count()
        mails = OutgoingMail.objects.filter(kind="order.paid", once__startswith=f"order:{order.code}:").count()
        events = MoneyEvent.objects.filter(order=order, kind="payment").count()
        if (invoices, mails, events) != ((1, 1, 1) if paid else (0, 0, 0)):
            found.append(f"{order} {order.state}: {invoices} invoices, {mails} mails, {events} payments")
    found += [f"{code}: seats" for code, licence in licences.items() if licence.seats != rights[code].seats]
    found += [
        f"{row}: standing" for row in Standing.objects.all() if row.licence in rights and row.seats != rights[row.licence].seats
    ]
    numbers = sorted(Invoice.objects.filter(kind="tax").values_list("sequence", flat=True))
    return found + ([] if numbers == list(range(1, len(numbers) + 1)) else [f"numbers {numbers}"])


def main(count: int, kills: int, seed: int) -> None:
    make.shop()
    on = format_instant(clock.now() - timedelta(hours=1))
    api, chance = Api(Client()), random.Random(seed)
    for _ in range(kills):
        connection.close()
        child = os.fork()
        if child == 0:
            send_all(api, count, on)
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write(json.dumps(wrong()) + "\n")
    first = send_all(api, count, on)
    again = send_all(api, count, on)
    ends = wrong() + (["another answer"] if first != again else [])
    ends += [] if Order.objects.count() == count and Licence.objects.count() == 2 * count else ["lost"]
    sys.stdout.write(json.dumps(ends) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
