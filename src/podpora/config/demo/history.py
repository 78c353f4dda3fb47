"""What the demo people bought, activated, asked and were answered: told through journeys, with dates relative to today."""

from collections.abc import Mapping
from datetime import datetime

from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.people.models import Person


def make_history(product: Product, people: Mapping[str, Person], *, by: Actor, at: datetime) -> None:
    """Everybody's story, oldest first."""
