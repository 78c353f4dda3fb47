"""Licences and the devices that use them.

Words: licence, key, device, activation, seat, signed certificate, signing key.
It never knows why a licence was issued: rights over time come from the grant ledger.
"""
