"""Journeys: short functions that read like a story and call rooms that do not know each other.

Words: journey, purchase, renewal, settlement.
They own no table and hold no rule of their own; each is safe to call twice.
"""
