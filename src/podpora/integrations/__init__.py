"""Plugs for the outside: one folder per outside service, each implementing a protocol that a lower room declares.

Words: plug, null twin.
It owns no table and no rule; no room imports it.
"""
