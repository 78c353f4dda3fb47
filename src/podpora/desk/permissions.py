"""May this person do this at all, whatever the state of the ticket?"""

from podpora.desk.models import Queue, Ticket
from podpora.desk.queries import is_customer_in, serves
from podpora.desk.values import Purpose
from podpora.people.models import Customer, Person
from podpora.people.permissions import may, role_of, staff_may


def may_ask(person: Person, customer: Customer, queue: Queue) -> bool:
    """May this person open a ticket in this queue for the customer?

    Licence, billing and general questions: every member. VIP and technical ones: roles with tickets.
    """
    if queue.purpose in (Purpose.LICENCE_BILLING, Purpose.GENERAL):
        return role_of(person, customer) is not None
    return may(person, "tickets", customer)


def may_answer(person: Person, ticket: Ticket) -> bool:
    """May this person act as a technician in the ticket? Not in his own (VI-4)."""
    return staff_may(person, "tickets") and not is_customer_in(person, ticket)


def may_read(person: Person, ticket: Ticket) -> bool:
    """May this person read the ticket as a technician: notes, tags, everything? One of its queue, and not its customer (VI-3, VI-4)."""
    return serves(person, ticket.queue) and not is_customer_in(person, ticket)
