"""Reading the catalogue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language

from podpora.base import sql
from podpora.base.errors import NotYours
from podpora.base.money import Money
from podpora.catalog import rules
from podpora.catalog.models import Coverage, Edition, Offer, Plan, PolicyRow, Price, PriceList, Product, Release, Version
from podpora.catalog.values import (
    CHANNEL_NAMES,
    CHANNEL_NOTES,
    TIER_NAMES,
    TIER_NOTES,
    Channel,
    CoverageFacts,
    CoverageMode,
    Level,
    PlanCell,
    PlanColumn,
    PlanFacts,
    PlanMatrix,
    PlanRow,
    Policy,
    PriceTable,
    ProductFacts,
    ReleaseChannel,
    ReleaseFacts,
    Tier,
    VersionFacts,
)


def product(code: str | None = None) -> Product:
    """The product with this code; without a code the only (or first) one. NotYours if there is none."""
    found = Product.objects.filter(code=code).first() if code else Product.objects.order_by("pk").first()
    if found is None:
        raise NotYours
    return found


def products() -> QuerySet[Product]:
    return Product.objects.order_by("pk")


def products_with_edition(code: str) -> QuerySet[Product]:
    """The products that have this edition."""
    return products().filter(editions__code=code)


def version_facts(product: Product | int) -> list[VersionFacts]:
    """Every major of the product, newest first."""
    rows = Version.objects.filter(product=product).values_list(*[field.name for field in fields(VersionFacts)])
    return [VersionFacts(*row) for row in rows]


def coverages(product: Product | int) -> list[CoverageFacts]:
    """What purchases covered over time, newest first (one query)."""
    return [CoverageFacts(CoverageMode(row.mode), row.since) for row in Coverage.objects.filter(product=product).order_by("-since")]


def releases(product: Product | int) -> QuerySet[Release]:
    """Every release with its version and files, newest first."""
    return Release.objects.filter(version__product=product).select_related("version__product").prefetch_related("files")


def release_facts(product: Product | int) -> list[ReleaseFacts]:
    """Every release that was not withdrawn, each with its coverage date (one query)."""
    rows = (
        Release.objects.filter(version__product=product, withdrawn_at__isnull=True)
        .select_related("version")
        .order_by("-released_on", "-pk")
    )
    return rules.with_coverage([(row.facts(), row.back_dated_to) for row in rows])


def feed_state(product: Product | int) -> tuple[int, datetime | None]:
    """The serial of the list of releases, and when it changed last (one query)."""
    row = Release.objects.filter(version__product=product).order_by("-serial").values_list("serial", "changed_at").first()
    return row or (0, None)


def release(product: Product, number: str) -> Release:
    """One release by its number. NotYours if there is none."""
    found = releases(product).filter(number=number).first()
    if found is None:
        raise NotYours
    return found


def versions(product: Product) -> QuerySet[Version]:
    """Every major with its releases (two queries)."""
    return Version.objects.filter(product=product).select_related("product").prefetch_related("releases")


def version_rows(product: Product) -> QuerySet[Version]:
    """Every major, the newest first (one query)."""
    return Version.objects.filter(product=product).order_by("-major")


_STORED = [field.name for field in fields(Policy) if field.name != "zone"]


def policy_of(product: Product | int) -> Policy:
    """The vendor's policy; the defaults of RULES.md where nothing was set."""
    row = PolicyRow.objects.filter(product=product).first()
    if row is None:
        return Policy(zone=settings.VENDOR_ZONE)
    return rules.policy_from({name: getattr(row, name) for name in _STORED}, settings.VENDOR_ZONE)


def policy_and_levels(product: Product | int, channel: Channel, at: datetime) -> tuple[Policy, dict[Tier, Level]]:
    """The vendor's policy, and what every tier gets on one channel at that instant (one query where both were set)."""
    columns = ("tier", "level", "product__policy_row__pk", *(f"product__policy_row__{name}" for name in _STORED))
    policy, levels = None, dict.fromkeys(Tier, Level.NO)
    for tier, level, has_policy, *stored in (
        plans_at(product, at).filter(channel=channel).order_by("valid_from").values_list(*columns)
    ):
        levels[Tier(tier)] = Level(level)
        if has_policy:
            policy = rules.policy_from(dict(zip(_STORED, stored, strict=True)), settings.VENDOR_ZONE)
    if policy is None:
        policy = policy_of(product)  # a channel that no plan names says nothing of the policy
    return policy, levels


def offers(product: Product) -> QuerySet[Offer]:
    """Every offer, sold or not, in the order of the shop."""
    return Offer.objects.filter(product=product).select_related("product", "edition")


def all_offers() -> QuerySet[Offer]:
    """Every offer of every product, for lists that name what was bought."""
    return Offer.objects.order_by("pk")


def offers_on_sale(product: Product) -> QuerySet[Offer]:
    return offers(product).filter(is_sold=True)


def offer(code: str) -> Offer | None:
    """The offer with this code, None if there is none (also one that is no longer sold: old orders name it)."""
    return Offer.objects.select_related("product", "edition").filter(code=code).first()


def per_device_offers(codes: Iterable[str]) -> set[str]:
    """Those of these offers whose price is for one device (one query)."""
    return set(Offer.objects.filter(code__in=set(codes), per_device=True).values_list("code", flat=True))


def _lists_on(on: date) -> QuerySet[PriceList]:
    """The price lists that are valid on that vendor date: one for each currency."""
    return PriceList.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def price_list(currency: str, on: date) -> PriceTable | None:
    """The prices in this currency that are valid on that vendor date: the newest list that has begun (two queries)."""
    row = _lists_on(on).filter(currency=currency).order_by("-valid_from").first()
    return _tables([row])[currency] if row else None


def table_of(row: PriceList) -> PriceTable:
    """One price list as rules read it."""
    return _tables([row])[row.currency]


def price_tables(on: date) -> dict[str, PriceTable]:
    """The prices of every currency on that vendor date, in the order in which currencies were introduced (two queries)."""
    return _tables(_lists_on(on).order_by("pk"))


def _tables(rows: Iterable[PriceList]) -> dict[str, PriceTable]:
    found = {row.pk: row for row in rows}
    prices: dict[int, dict[tuple[str, str], Money]] = defaultdict(dict)
    of_lists = Price.objects.filter(price_list__in=list(found))
    for pk, code, basis, amount in of_lists.values_list("price_list", "offer__code", "basis__code", "amount"):
        prices[pk][code, basis or ""] = Money(amount, found[pk].currency)
    return {row.currency: PriceTable(row.currency, row.valid_from, row.includes_vat, prices[pk]) for pk, row in found.items()}


def offer_codes() -> list[str]:
    """The codes of all offers that are sold, in the order in which the shop shows them."""
    return list(Offer.objects.filter(is_sold=True).values_list("code", flat=True))


def currencies(on: date) -> list[str]:
    """Currencies in which something is sold on that date, in the order in which they were introduced."""
    return list(dict.fromkeys(_lists_on(on).order_by("pk").values_list("currency", flat=True)))


def price_lists() -> QuerySet[PriceList]:
    """Every price list with its prices, the newest of each currency first (two queries)."""
    return PriceList.objects.order_by("currency", "-valid_from").prefetch_related("prices__offer", "prices__basis")


def plans_at(product: Product | int, at: datetime) -> QuerySet[Plan]:
    """The rows of the plan matrix that were valid at that instant."""
    return Plan.objects.filter(product=product, valid_from__lte=at).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def plan_history(product: Product) -> dict[tuple[str, str], list[Plan]]:
    """Every row that ever was, by cell, newest first."""
    history: dict[tuple[str, str], list[Plan]] = defaultdict(list)
    for row in Plan.objects.filter(product=product).order_by("-valid_from", "-pk"):
        history[row.tier, row.channel].append(row)
    return history


def plan_level(product: Product | int, tier: Tier, channel: Channel, at: datetime) -> PlanFacts:
    """What the tier gets on the channel at that instant; a cell that the vendor never filled in gives nothing."""
    row = plans_at(product, at).filter(tier=tier, channel=channel).order_by("-valid_from").first()
    if row is None:
        return PlanFacts(tier, channel, Level.NO)
    return PlanFacts(tier, channel, Level(row.level), row.first_answer_hours)


def plan_matrix(product: Product, at: datetime) -> PlanMatrix:
    """The levels of support as a table in the reader's language (one query). The rules read the same rows."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    rows = {(row.tier, row.channel): row for row in plans_at(product, at).order_by("valid_from")}
    columns = tuple(PlanColumn(tier, str(TIER_NAMES[tier]), str(TIER_NOTES[tier])) for tier in Tier)
    return PlanMatrix(
        columns,
        tuple(
            PlanRow(
                channel, str(CHANNEL_NAMES[channel]), str(CHANNEL_NOTES[channel]),
                tuple(_cell(tier, channel, rows.get((tier, channel)), language) for tier in Tier),
            )
            for channel in Channel
        ),
    )  # fmt: skip


def _cell(tier: Tier, channel: Channel, row: Plan | None, language: str) -> PlanCell:
    if row is None:
        return PlanCell(tier, channel, Level.NO)
    own, other = (row.promise_cs, row.promise_en) if language == "cs" else (row.promise_en, row.promise_cs)
    return PlanCell(tier, channel, Level(row.level), own or other, row.first_answer_hours)


# The same facts by one hand-written statement (base/sql.py): the fields of the facts are columns of the same names. MARK stands beside
# them: as long as it is the same, they are (migrations/0002_stamp.py), so a process may remember what came with it.
MARK = "(SELECT mark FROM catalog_stamp)"
_VERSION = tuple(field.name for field in fields(VersionFacts))
_RELEASE = ("id", "version", "number", "channel", "released_on", "is_security", "min_from", "back_dated_to")


def all_facts_sql() -> dict[str, str]:
    """Pieces of SQL: everything that the vendor has set about every product, for `all_facts_from`."""
    return {
        "products": sql.json_rows(Product, ("id", "code"), "1 = 1"),
        "editions": sql.json_rows(Edition, ("product", "id", "code", "features"), "1 = 1"),
        "versions": sql.json_rows(Version, ("product", "id", *_VERSION), "1 = 1"),
        "releases": sql.json_rows(Release, _RELEASE, "withdrawn_at IS NULL"),
        "policies": sql.json_rows(PolicyRow, ("product", *_STORED), "1 = 1"),
        "plans": sql.json_rows(Plan, ("product", "valid_from", "valid_to", "tier", "level"), f"channel = '{Channel.CENTRE.value}'"),
    }


def all_facts_from(pieces: Mapping[str, str]) -> dict[int, ProductFacts]:
    """What `version_facts`, `policy_of`, `policy_and_levels` and `release_facts` give, by the product's primary key."""
    editions = _by_product(Edition, ("product", "id", "code", "features"), pieces["editions"])
    versions = _by_product(Version, ("product", "id", *_VERSION), pieces["versions"])
    policies = _by_product(PolicyRow, ("product", *_STORED), pieces["policies"])
    plans = _by_product(Plan, ("product", "valid_from", "valid_to", "tier", "level"), pieces["plans"])
    releases = sorted(sql.reader_of(Release, _RELEASE)(pieces["releases"]), key=lambda row: (row[4], row[0]), reverse=True)
    found = {}
    for pk, code in sql.reader_of(Product, ("id", "code"))(pieces["products"]):
        majors = {row[0]: row[1] for row in versions[pk]}
        out = [
            (ReleaseFacts(number, majors[version], ReleaseChannel(channel), on, is_security, min_from=least), back)
            for _pk, version, number, channel, on, is_security, least, back in releases
            if version in majors
        ]
        zone = settings.VENDOR_ZONE
        found[pk] = ProductFacts(
            code,
            editions={row[0]: (row[1], row[2]) for row in editions[pk]},
            versions=tuple(sorted((VersionFacts(*row[1:]) for row in versions[pk]), key=lambda version: -version.major)),
            policy=next((rules.policy_from(dict(zip(_STORED, row, strict=True)), zone) for row in policies[pk]), Policy(zone=zone)),
            plans=tuple(
                (since, until, Tier(tier), Level(level)) for since, until, tier, level in sorted(plans[pk], key=itemgetter(0))
            ),
            releases=tuple(rules.with_coverage(out)),
        )
    return found


def _by_product(model: type[Model], columns: Sequence[str], text: str) -> dict[int, list[list[Any]]]:
    """Rows whose first column is the product, without it."""
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for product, *rest in sql.reader_of(model, columns)(text):
        found[product].append(rest)
    return found
