"""The support desk: tickets and the conversation in them.

Words: ticket, message, note, queue, state, technician.
It never decides who has support: it asks.
"""
