"""FREE licences: that of an address, and how many a company's people use (A-14)."""

from collections.abc import Iterable

from django.db.models import Count

from podpora.catalog.models import Product
from podpora.licensing.models import Licence
from podpora.licensing.queries.licences import all_licences
from podpora.licensing.values import LicenceKind
from podpora.people.models import Customer


def free_licence_of(customer: Customer, product: Product) -> Licence | None:
    """The FREE licence of this customer: there is one for each product."""
    return all_licences().filter(customer=customer, product=product, kind=LicenceKind.FREE).order_by("pk").first()


def free_installs(domains: Iterable[str]) -> dict[str, int]:
    """So many FREE licences are in use by addresses of each of these domains; only those that are (one query a domain)."""
    found = {}
    for domain in domains:
        rows = Licence.objects.filter(kind=LicenceKind.FREE, seats_used__gt=0, customer__email__iendswith=f"@{domain}")
        count = rows.aggregate(count=Count("pk"))["count"]
        if count:
            found[domain] = count
    return found
