"""Orders and the money for them.

Words: cart, quote, order, line, payment, refund, dispute (chargeback), invoice.
It never issues a licence: a journey does, once the money says so.
"""
