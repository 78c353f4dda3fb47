"""Tables of licensing: licences, the devices that use them, activations, and the keys that sign certificates."""

from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.db.models.functions import Lower

from podpora.catalog.models import Edition, Product
from podpora.licensing.values import (
    ActivationState,
    KeyState,
    LicenceKind,
    LicenceState,
    WorkKind,
    activation_code,
    device_code,
    licence_code,
    transfer_code,
    work_code,
)
from podpora.people.models import Customer, Person, Team


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]


class Licence(models.Model):
    """One licence of a customer: a key, a number of seats, the devices on them.

    What it gives over time (versions, support, seats) is the ledger's business; `seats` and `state` are set from there.
    The key is kept twice: hashed, to be found by, and sealed, for the owner's page.
    """

    code = models.CharField(max_length=20, unique=True, default=licence_code)
    # A trial belongs to nobody until somebody claims it: the debate.
    #
    # A trial begins when a program is started for the first time, before anybody has given a name. Three ways were weighed. A customer
    # made up for each trial fills the vendor's books with thousands of nobodies, each of whom would have to be merged and erased later.
    # A trial that asks for an e-mail address first loses half of those who only wanted to look. A trial outside of licences would need
    # its own keys, certificates, seats and refreshes: a second door to everything. So a trial is a licence like others whose customer
    # is empty; it is found by its device alone, nobody but the vendor's staff sees it, and it gets an owner when a signed-in person
    # claims it or when its device activates a licence that has one.
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="licences", null=True, blank=True)
    # ORG-6: who bought it for somebody else. Until that somebody claims it, it belongs to nobody; then the reseller sees what its owner shows.
    reseller = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="resold", null=True, blank=True)
    reseller_sees = models.BooleanField(default=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="licences")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    offer = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=15, choices=choices_of(LicenceKind))
    name = models.CharField(max_length=100, blank=True)  # what its owner calls it
    state = models.CharField(max_length=10, choices=choices_of(LicenceState), default=LicenceState.ACTIVE)
    state_changed_at = models.DateTimeField()
    seats = models.PositiveIntegerField(default=1)
    seats_used = models.PositiveIntegerField(default=0)
    seats_shared = models.PositiveIntegerField(default=0)  # of `seats`: those that belong to teams (SeatShare)
    owned_since = models.DateTimeField(null=True, blank=True)  # of a licence that came from another customer
    key_hash = models.CharField(max_length=64, unique=True)
    key_sealed = models.CharField(max_length=200)
    key_hint = models.CharField(max_length=20)
    source = models.CharField(max_length=100, blank=True)
    issued_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)  # the key seems to have leaked; no new device until it is thawed
    frozen_why = models.CharField(max_length=300, blank=True)

    via_share: "SeatShare | None" = None  # no column: the team whose key was shown (queries.licence_by_key)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(seats_used__gte=0), name="licence_seats_used_not_negative"),
            models.CheckConstraint(condition=models.Q(seats_shared__lte=models.F("seats")), name="licence_shares_within_seats"),
        ]

    def __str__(self) -> str:
        return self.code


class KeyGroup(models.Model):
    """A group of five characters of a licence's key, hashed: staff find a licence by the part of a key that a customer quotes."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="key_groups")
    place = models.PositiveSmallIntegerField()  # 1 to 5
    tag = models.CharField(max_length=16, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "place"], name="key_group_once")]

    def __str__(self) -> str:
        return f"group {self.place} of {self.licence_id}"


class Device(models.Model):
    """A computer as one licence knows it."""

    code = models.CharField(max_length=20, unique=True, default=device_code)
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=100, blank=True)
    platform = models.CharField(max_length=50, blank=True)
    app_version = models.CharField(max_length=50, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    fingerprint = models.TextField(
        default="{}"
    )  # its parts as certificates write them (rules.canonical); FingerprintPart finds them
    is_named = models.BooleanField(default=False)  # by its owner: the program's own name for it no longer counts
    blocked_at = models.DateTimeField(null=True, blank=True)  # its owner shut it out without taking it off the list
    suspected_clone_at = models.DateTimeField(null=True, blank=True)  # two computers seem to use one activation; nothing is locked
    former_hash = models.CharField(max_length=43, blank=True)  # device_hash of the fingerprint before the present one (clones)
    clock_skew = models.IntegerField(
        null=True, blank=True
    )  # seconds that its clock was off when it last told it; None: it was right
    holds_seat = models.BooleanField(default=False)  # has an active activation; kept beside it for lists of ten thousand
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="devices")  # who uses it
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="devices")
    is_former = models.BooleanField(default=False)  # of the customer from whom the licence came: not in lists any more

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index("licence", Lower("name"), "id", name="device_by_name"),
            models.Index(fields=["licence", "last_seen_at", "id"], name="device_by_contact"),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def newest(self) -> "Activation | None":
        """Its newest activation, when they were loaded newest first (queries.devices_of)."""
        return next(iter(self.activations.all()), None)


class FingerprintPart(models.Model):
    """One part of a device's fingerprint, to find the device by: hashed there, so that no raw identifier ever reaches us."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=64)
    value = models.CharField(max_length=256, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="fingerprint_part_once")]

    def __str__(self) -> str:
        return self.name


class Activation(models.Model):
    """A device on a seat of its licence, from activation to deactivation."""

    code = models.CharField(max_length=20, unique=True, default=activation_code)
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="activations")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="activations")
    state = models.CharField(max_length=15, choices=choices_of(ActivationState), default=ActivationState.ACTIVE)
    # Of the certificate that came with the newest activation: refreshes give greater ones without a write (rules.certificate.next_serial).
    serial = models.PositiveBigIntegerField(default=0)
    activated_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    device_key = models.CharField(max_length=64, blank=True)  # S34: the installation's public Ed25519 key, base64url, if it has one

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["licence", "activated_at"], name="activation_of_licence")]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(state=ActivationState.ACTIVE), name="activation_once_per_device"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ActivationState.ACTIVE, deactivated_at__isnull=True)
                | models.Q(state=ActivationState.DEACTIVATED, deactivated_at__isnull=False),
                name="activation_end_fits_state",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    by_token: int | None = None  # not a column: which of its tokens was shown, when one was
    by_key = ""  # not a column: the key of the installation that this token was given to

    @property
    def is_active(self) -> bool:
        return self.state == ActivationState.ACTIVE


class ActivationToken(models.Model):
    """What a program on an activated device shows instead of the key. Only its hash is kept."""

    activation = models.ForeignKey(Activation, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    serial = models.PositiveBigIntegerField(null=True, blank=True)  # of the newest certificate that it got
    told_serial = models.PositiveBigIntegerField(null=True, blank=True)  # that its program said it had, the last time
    # The last time that it said an older one: what it had been given by then, and what it was given instead (rules.watching.Thread).
    left_serial = models.PositiveBigIntegerField(null=True, blank=True)
    left_until = models.PositiveBigIntegerField(null=True, blank=True)
    device_key = models.CharField(max_length=64, blank=True)  # S34: the public key of the installation that it was given to
    # Two installations on one activation: what each looks like, and how often they took turns (rules.watching.Traits).
    looks = models.CharField(max_length=32, blank=True)
    place = models.CharField(max_length=32, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    turns = models.PositiveSmallIntegerField(default=0)
    is_doubted = models.BooleanField(default=False)  # another installation came that looks different: is this one still alive?

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"token of {self.activation_id}"


class Sighting(models.Model):
    """A computer without a seat that showed the licence's key, on a day, in a network (X-9). Both are hashed; kept for a week."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="sightings")
    on = models.DateField(db_index=True)
    device = models.CharField(max_length=43)
    place = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "on", "device", "place"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.licence_id} on {self.on}"


class SeatShare(models.Model):
    """Seats of a licence that belong to one team, with a key of their own. An active device of the team sits in its share."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="shares")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shares")
    seats = models.PositiveIntegerField()
    seats_used = models.PositiveIntegerField(default=0)
    key_hash = models.CharField(max_length=64, unique=True)
    key_sealed = models.CharField(max_length=200)
    key_hint = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "team"], name="seat_share_once"),
            models.CheckConstraint(condition=models.Q(seats_used__gte=0), name="seat_share_used_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.seats} seats of {self.team_id}"


class SeatNotice(models.Model):
    """More devices are active than the licence has (or will have) seats: its owner picks, then the longest silent ones go (X-3, ORG-5)."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="seat_notices")
    seats = models.PositiveIntegerField()
    takes_effect_on = models.DateField()
    release_on = models.DateField()  # the first day on which devices may be taken off
    told_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence"], condition=models.Q(done_at=None), name="seat_notice_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.seats} from {self.takes_effect_on}"

    @property
    def last_day(self) -> date:
        """Until when the owner picks: the last day, inclusive."""
        return self.release_on - timedelta(days=1)


class Transfer(models.Model):
    """A licence on its way to another customer: offered by its owner, accepted or not by whoever reads the mail (A-17)."""

    code = models.CharField(max_length=20, unique=True, default=transfer_code)
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="transfers")
    from_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="transfers_out")
    to_customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="transfers_in")
    to_email = models.EmailField(max_length=254)
    is_resale = models.BooleanField(default=False)  # ORG-6: it was bought for that address; it belongs to nobody yet
    token_hash = models.CharField(max_length=64, unique=True)
    offered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence"],
                condition=models.Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="transfer_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        """Neither accepted nor cancelled (it may still be too old)."""
        return self.accepted_at is None and self.cancelled_at is None


class DeviceWork(models.Model):
    """One thing done to many devices of a licence: what, to which, how far it is, and what it takes to undo it."""

    code = models.CharField(max_length=20, unique=True, default=work_code)
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="device_works")
    kind = models.CharField(max_length=20, choices=choices_of(WorkKind))
    arguments = models.JSONField(default=dict)
    devices = models.JSONField(default=list)  # primary keys, in the order of the list that was looked at
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)  # reason code -> {count, facts}
    undo = models.JSONField(default=list)  # [device, what it was]; empty for what cannot be undone
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=254)
    on_behalf_of = models.BigIntegerField(null=True, blank=True)  # the technician who acted as that person
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code

    @property
    def refused_counts(self) -> dict[str, int]:
        """How many stayed as they were, by the reason."""
        return {code: told["count"] for code, told in self.refused.items()}

    @property
    def refused_total(self) -> int:
        return sum(self.refused_counts.values())


class SigningKey(models.Model):
    """A key that signs certificates. The private half is sealed and never shown, logged or exported."""

    kid = models.CharField(max_length=40, unique=True)
    public = models.CharField(max_length=64)  # the `x` of its JWK
    private_sealed = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=choices_of(KeyState), default=KeyState.ACTIVE)
    announcement = models.TextField(blank=True)  # signed by the key before it; empty for the first
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)  # of a retiring key: until when its signatures are accepted

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state=KeyState.ACTIVE), name="signing_key_one_active")
        ]

    def __str__(self) -> str:
        return self.kid
