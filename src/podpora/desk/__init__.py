"""The support desk: tickets and the conversation in them.

Words: ticket, message, note, event, queue, state, technician, participant.
It never decides who has support: it is handed the decision and keeps a snapshot of it.
"""
