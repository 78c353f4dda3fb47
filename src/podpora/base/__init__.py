"""The ground floor: time, money, decisions, actors, public codes, errors.

Words: clock, money, decision, reason, way (out), actor, code.
It owns no table and imports no room; every room may import it.
"""
