"""Bank transfer: instructions with a QR code. Staff book the payment when it is on the account."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from podpora.base.money import Money
from podpora.orders import queries, rules
from podpora.orders.values import Bill, Fetched, PaymentState, Started


class Transfer:
    """The payer sends the money himself. Nobody can be asked about it, so the provider never says that it is paid."""

    code = "transfer"

    def label(self) -> str:
        return _("Bank transfer")

    def start(self, bill: Bill, *, return_url: str, key: str, at: datetime) -> Started:
        return Started(reference=bill.variable_symbol, instructions=instructions(bill))

    def fetch(self, reference: str, *, at: datetime) -> Fetched:
        return Fetched(PaymentState.PENDING)

    def refund(self, reference: str, amount: Money, *, key: str, at: datetime) -> bool:
        return False  # a person sends the money back

    def verify(self, body: bytes, headers: Mapping[str, str]) -> list[str]:
        return []

    def cancel(self, reference: str) -> None:
        return


def instructions(bill: Bill) -> dict[str, str]:
    """Where to send how much, and the texts of the QR codes that banks read: SPAYD for crowns, EPC for euros."""
    seller = queries.seller()
    message = f"{seller.name} {bill.code}"
    due_on = bill.due_on.isoformat() if bill.due_on else ""
    found = {
        "holder": seller.name, "iban": seller.iban, "bic": seller.bic, "amount": f"{bill.amount.wire()} {bill.amount.currency}",
        "variable_symbol": bill.variable_symbol, "message": message, "due_on": due_on,
    }  # fmt: skip
    if seller.iban and bill.amount.currency == "CZK":
        found["spayd"] = rules.spayd(
            iban=seller.iban, bic=seller.bic, amount=bill.amount, symbol=bill.variable_symbol, message=message, due=due_on
        )
    elif seller.iban and bill.amount.currency == "EUR":
        remark = f"{message} VS {bill.variable_symbol}"
        found["epc"] = rules.epc(name=seller.name, iban=seller.iban, bic=seller.bic, amount=bill.amount, message=remark)
    return found
