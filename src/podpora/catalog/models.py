"""Tables of the catalogue."""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from podpora.catalog.values import (
    Channel,
    CoverageMode,
    Grace,
    Level,
    LifetimeTransfer,
    ManagerFor,
    OfferKind,
    ReleaseChannel,
    ReleaseFacts,
    Scope,
    Tier,
    UpgradeRule,
    VersionFacts,
)


def choices_of(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]  # type: ignore[attr-defined]


class Product(models.Model):
    """A desktop program that the vendor makes."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    tagline_cs = models.CharField(max_length=200, blank=True)
    tagline_en = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """FREE, PRO: what a licence unlocks. The trial runs the PRO edition."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="editions")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=50)
    features = models.JSONField(default=dict)  # {"accounts": 2, "commercial": false}; goes into the certificate

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="edition_code_once")]

    def __str__(self) -> str:
        return f"{self.product} {self.name}"


class Coverage(models.Model):
    """What licences bought from a vendor date on cover. Rows stay: what was sold keeps the mode of its day."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="coverages")
    mode = models.CharField(max_length=10, choices=choices_of(CoverageMode))
    since = models.DateField()

    class Meta:
        ordering = ["-since"]
        constraints = [models.UniqueConstraint(fields=["product", "since"], name="coverage_once_a_day")]

    def __str__(self) -> str:
        return f"{self.product} {self.mode} since {self.since}"


class Version(models.Model):
    """A major version with its life. Every end is the last day, inclusive (values.VersionFacts says what each means)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveIntegerField()
    name = models.CharField(max_length=50, blank=True)
    released_on = models.DateField(null=True, blank=True)
    support_ends_on = models.DateField(null=True, blank=True)
    security_ends_on = models.DateField(null=True, blank=True)
    end_of_life_on = models.DateField(null=True, blank=True)
    replaced_by = models.PositiveIntegerField(null=True, blank=True)  # a major, which may not be announced yet

    class Meta:
        ordering = ["-major"]
        constraints = [models.UniqueConstraint(fields=["product", "major"], name="version_major_once")]

    def __str__(self) -> str:
        return f"{self.product} {self.major}"

    def facts(self) -> VersionFacts:
        return VersionFacts(
            self.major, self.released_on, self.support_ends_on, self.security_ends_on, self.end_of_life_on, self.replaced_by
        )


class Release(models.Model):
    """A published build of a version: 10.2.1. `serial` grows with everything that is published, changed or withdrawn in the product."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    number = models.CharField(max_length=50)
    released_on = models.DateField()
    channel = models.CharField(max_length=10, choices=choices_of(ReleaseChannel), default=ReleaseChannel.STABLE)
    is_security = models.BooleanField(default=False)
    back_dated_to = models.DateField(null=True, blank=True)  # who had what came out by then may have this fix
    min_from = models.CharField(max_length=50, blank=True)  # the oldest version that can be updated to it directly
    notes_cs = models.TextField(blank=True)
    notes_en = models.TextField(blank=True)
    notes_url = models.CharField(max_length=500, blank=True)
    fixes = models.JSONField(default=list, blank=True)  # codes of known problems: P-…
    serial = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)  # first
    changed_at = models.DateTimeField(null=True, blank=True)  # with this serial
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # pulled: nobody is offered it any more

    class Meta:
        ordering = ["-released_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return self.number

    def facts(self) -> ReleaseFacts:
        """As rules read it, without its coverage date: that needs the other releases (queries.release_facts)."""
        return ReleaseFacts(
            self.number,
            self.version.major,
            ReleaseChannel(self.channel),
            self.released_on,
            self.is_security,
            min_from=self.min_from,
        )


class ReleaseFile(models.Model):
    """A file of a release: where it lies, how long it is, and what it must hash to."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    platform = models.CharField(max_length=30)  # windows-x64, macos-arm64, linux-x64
    url = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        ordering = ["platform"]
        constraints = [models.UniqueConstraint(fields=["release", "platform"], name="release_file_once")]

    def __str__(self) -> str:
        return f"{self.release} {self.platform}"


class Offer(models.Model):
    """Something that can be bought."""

    code = models.SlugField(max_length=40, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=choices_of(OfferKind))
    for_company = models.BooleanField(null=True, blank=True)  # None: for both
    devices = models.PositiveIntegerField(default=0)  # seats of one unit
    per_device = models.BooleanField(default=False)  # the quantity is the number of devices, or the price counts them
    support_years = models.PositiveIntegerField(default=0)  # years of VIP in one unit
    update_years = models.PositiveIntegerField(null=True, blank=True)  # where coverage is by date; None: as many as of support
    name_cs = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    summary_cs = models.CharField(max_length=300, blank=True)
    summary_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_sold = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def needs_licence(self) -> bool:
        return OfferKind(self.kind).needs_licence

    @property
    def years_of_updates(self) -> int:
        """Years of updates in one unit, where coverage is by date: as many as of support unless the vendor says otherwise."""
        return self.support_years if self.update_years is None else self.update_years


class PriceList(models.Model):
    """Prices in one currency for a period; immutable once an order used it."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day on which it is no longer valid
    includes_vat = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "valid_from"], name="price_list_once")]

    def __str__(self) -> str:
        return f"{self.currency} from {self.valid_from}"

    @property
    def last_day(self) -> date | None:
        """What people see: the last day on which it is valid."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None


class Price(models.Model):
    """The price of one unit of an offer; `basis`: for a licence that was bought under this offer."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    basis = models.ForeignKey(Offer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=3, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "offer", "basis"], name="price_of_basis_once"),
            models.UniqueConstraint(fields=["price_list", "offer"], condition=models.Q(basis__isnull=True), name="price_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.offer} {self.amount}"


class Plan(models.Model):
    """One cell of the plan matrix for a period. A change closes the old row and opens a new one: history stays."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="plans")
    tier = models.CharField(max_length=10, choices=choices_of(Tier))
    channel = models.CharField(max_length=10, choices=choices_of(Channel))
    level = models.CharField(max_length=15, choices=choices_of(Level))
    promise_cs = models.CharField(max_length=200, blank=True)
    promise_en = models.CharField(max_length=200, blank=True)
    first_answer_hours = models.PositiveIntegerField(null=True, blank=True)  # service hours
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "tier", "channel"], condition=models.Q(valid_to__isnull=True), name="plan_current_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tier} x {self.channel}: {self.level}"


class PolicyRow(models.Model):
    """The vendor's policy for a product (values.Policy), editable in the office."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="policy_row")
    upgrade_rule = models.CharField(max_length=10, default=UpgradeRule.STACK, choices=choices_of(UpgradeRule))
    max_ahead_years = models.PositiveIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(50)])
    pending_days = models.PositiveIntegerField(default=14, validators=[MaxValueValidator(90)])
    grace = models.CharField(max_length=10, default=Grace.EARTH, choices=choices_of(Grace))
    scope = models.CharField(max_length=10, default=Scope.ACCOUNT, choices=choices_of(Scope))
    free_upgrade_days = models.PositiveIntegerField(default=30, validators=[MaxValueValidator(730)])
    end_of_life_notice_months = models.PositiveIntegerField(default=12, validators=[MaxValueValidator(60)])
    suspension_run_days = models.PositiveIntegerField(default=14, validators=[MaxValueValidator(365)])
    suspension_forgiven_days = models.PositiveIntegerField(default=3, validators=[MaxValueValidator(90)])
    seat_notice_days = models.PositiveIntegerField(default=14, validators=[MaxValueValidator(365)])
    trial_days = models.PositiveIntegerField(default=30, validators=[MinValueValidator(1), MaxValueValidator(365)])
    device_kept_days = models.PositiveIntegerField(default=730, validators=[MinValueValidator(30), MaxValueValidator(3650)])
    lease_days = models.PositiveIntegerField(default=30, validators=[MinValueValidator(14), MaxValueValidator(730)])
    license_manager_for = models.CharField(max_length=10, default=ManagerFor.COMPANIES, choices=choices_of(ManagerFor))
    transfer_of_lifetime = models.CharField(max_length=10, default=LifetimeTransfer.MOVES, choices=choices_of(LifetimeTransfer))

    def __str__(self) -> str:
        return f"policy of {self.product}"
