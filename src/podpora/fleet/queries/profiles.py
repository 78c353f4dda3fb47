"""Profiles: the settings of a company for a product."""

from django.db.models import QuerySet

from podpora.catalog.models import Product
from podpora.fleet.models import Profile
from podpora.people.models import Customer


def find_profile(customer: Customer, product: Product) -> Profile | None:
    """None before anything was done with the company's settings."""
    return Profile.objects.select_related("customer", "product").filter(customer=customer, product=product).first()


def profiles_of(customer: Customer) -> QuerySet[Profile]:
    return Profile.objects.filter(customer=customer).select_related("product").order_by("pk")
