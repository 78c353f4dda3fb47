"""Orders as pure functions (COMMERCE, RULES.md F). Start with `money.money_history`.

money      an order's payments, refunds and chargebacks, read in date order
entries    what an order's lines write into the ledger of rights
pricing    totals, VAT and rounding, refunds of a part
symbols    variable symbols and the text of payment QR codes
"""

from podpora.orders.rules.entries import Offered, entries_of, grant_of, horizon, retracted
from podpora.orders.rules.money import may_give_back, may_refund, money_history, state_of, units_taken
from podpora.orders.rules.pricing import check_seller, is_reverse_charge, refund_amounts, totals_of
from podpora.orders.rules.symbols import epc, spayd, variable_symbol

__all__ = [
    "Offered", "check_seller", "entries_of", "epc", "grant_of", "horizon", "is_reverse_charge", "may_give_back", "may_refund",
    "money_history", "refund_amounts", "retracted", "spayd", "state_of", "totals_of", "units_taken", "variable_symbol",
]  # fmt: skip
