"""Telling people: preferences, the inbox, digests.

Words: recipient, kind, preference, inbox entry, digest.
It never knows persons' rooms: it takes a recipient.
"""
