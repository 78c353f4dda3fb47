"""People: persons with one login, the customers that they are or belong to, members and their roles.

Words: person, customer (private or company), member, role, invitation, token, session.
It knows nothing of what a customer owns: licences, orders and tickets point down to it.
"""
