"""Tables of people: who has a login, which customers there are, and who belongs to whom."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from podpora.base.codes import public_code
from podpora.files.models import StoredFile
from podpora.people.values import CustomerKind, ExportState, MergeFacts, Role, StaffRole


def person_code() -> str:
    return public_code("U")


def customer_code() -> str:
    return public_code("C")


def invitation_code() -> str:
    return public_code("N")


def token_code() -> str:
    return public_code("K")


def export_code() -> str:
    return public_code("DX", 12)


def team_code() -> str:
    return public_code("TM")


def choices_of(enum: type[Any]) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]


class PersonManager(BaseUserManager["Person"]):
    """Django's and allauth's way in: look-up by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """One human being with one login. An empty `password` that is unusable means: bought as a guest, not yet claimed."""

    code = models.CharField(max_length=20, unique=True, default=person_code)
    email = models.EmailField(max_length=254, unique=True)  # lower case
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, blank=True)  # empty: as the browser asks
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the vendor's
    theme = models.CharField(max_length=5, blank=True)  # light, dark, empty: the system's wish
    staff_role = models.CharField(max_length=20, blank=True, choices=choices_of(StaffRole))
    is_active = models.BooleanField(default=True)
    is_present = models.BooleanField(default=True)  # a technician who takes new tickets
    joined_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )  # A17: given up

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.staff_role != StaffRole.NONE

    def merge_facts(self) -> MergeFacts:
        return MergeFacts(self.pk, is_active=self.is_active, is_staff=self.is_staff)


class FormerAddress(models.Model):
    """An address of an account that was merged into this person's (A17): whoever uses it means him."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_addresses")
    email = models.EmailField(max_length=254, unique=True)  # lower case
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.email


class Customer(models.Model):
    """A private person or a company: owns licences, orders and tickets."""

    code = models.CharField(max_length=20, unique=True, default=customer_code)
    kind = models.CharField(max_length=10, choices=choices_of(CustomerKind))
    name = models.CharField(max_length=200)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="private_customer")
    members = models.ManyToManyField(Person, through="Membership", related_name="customers")
    email = models.EmailField(max_length=254)  # where invoices and licences go
    language = models.CharField(max_length=5, default="en")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="CZ")
    company_id = models.CharField(max_length=20, blank=True)  # IČO
    vat_id = models.CharField(max_length=20, blank=True)  # DIČ
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")  # A17

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=CustomerKind.PRIVATE, person__isnull=False)
                | models.Q(kind=CustomerKind.COMPANY, person__isnull=True),
                name="customer_private_has_person",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_company(self) -> bool:
        return self.kind == CustomerKind.COMPANY


class Membership(models.Model):
    """A person's role in a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=choices_of(Role))
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "person"], name="membership_once")]
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.person} is {self.role} of {self.customer}"


class Team(models.Model):
    """A group of people in a company; it may own a share of a licence's seats (licensing.SeatShare)."""

    code = models.CharField(max_length=20, unique=True, default=team_code)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("customer", Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team. A lead looks after the team's devices, whatever his role in the company is."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="team_memberships")
    is_lead = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        ordering = ["-is_lead", "since", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class CalendarFeed(models.Model):
    """The address under which a person's calendar program reads his dates. Whoever has it reads them; it can be taken back.

    Hashed, to be found by, and sealed, to be shown to its owner again.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    token_sealed = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(revoked_at__isnull=True), name="calendar_feed_one_live")
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"


class Invitation(models.Model):
    """An invitation by mail: works once, for one address, for a limited time."""

    code = models.CharField(max_length=20, unique=True, default=invitation_code)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=choices_of(Role))
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # joined with the company
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} to {self.customer}"

    @property
    def is_open(self) -> bool:
        """Neither accepted nor taken back (it may still be too old)."""
        return self.accepted_at is None and self.revoked_at is None


class DataExport(models.Model):
    """What is known of a person, in one file that he asked for (A18). The file lives for a week."""

    code = models.CharField(max_length=20, unique=True, default=export_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=10, choices=choices_of(ExportState), default=ExportState.MAKING)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state=ExportState.MAKING), name="data_export_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def percent(self) -> int:
        return round(100 * self.step / self.steps) if self.steps else 0


class ApiToken(models.Model):
    """A token of one of the vendor's systems, or of a person. Only its hash is kept."""

    code = models.CharField(max_length=20, unique=True, default=token_code)
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # ["orders", "licences"], ["all"]
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="api_tokens")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
