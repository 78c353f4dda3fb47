"""Profiles: the settings of a company for a product."""

from django.db.models import QuerySet

from podpora.catalog.models import Product
from podpora.fleet.models import Profile
from podpora.people.models import Customer


def find_profile(customer: Customer, product: Product) -> Profile | None:
    """None before anything was done with the company's settings."""
    return Profile.objects.select_related("customer", "product").filter(customer=customer, product=product).first()


def profile_or_empty(customer: Customer, product: Product) -> Profile:
    """For looking only: before anything was done the company has no row, and looking makes none (S07). Nothing belongs to number 0."""
    return find_profile(customer, product) or Profile(pk=0, customer=customer, product=product)


def profiles_of(customer: Customer) -> QuerySet[Profile]:
    return Profile.objects.filter(customer=customer).select_related("product").order_by("pk")
