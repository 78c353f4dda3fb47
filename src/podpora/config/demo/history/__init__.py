"""What the demo people bought, activated, asked and were answered.

chronicle   events with their dates, told in order
purchases   who bought what, on how many devices
questions   tickets and their conversations, in Czech and English
service     calendars, agreements, clocks that run and are late
work        tags, canned replies, macros, rules, and what technicians did with them

Everything goes through the journeys and actions that the product uses, with dates relative to today.
"""

from collections.abc import Mapping
from datetime import datetime

from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.config.demo.history import purchases, questions, service, work
from podpora.config.demo.history.chronicle import Chronicle
from podpora.desk import actions as desk
from podpora.people.models import Person


def make_history(product: Product, people: Mapping[str, Person], *, by: Actor, at: datetime) -> None:
    """Everybody's story, oldest event first."""
    chronicle = Chronicle(product, people, by=by, today=at)
    service.make_service(by=by, at=at)
    purchases.add(chronicle)
    questions.add(chronicle)
    service.add(chronicle)
    chronicle.tell()
    work.add(chronicle)
    desk.tell_of_clocks(by=by, at=at)
