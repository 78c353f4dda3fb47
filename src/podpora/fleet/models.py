"""Tables of central settings."""

from django.db import models

from podpora.catalog.models import Product
from podpora.fleet.values import OPEN_STATES, ProposalState, ReportState, RollOutState, group_code, proposal_code, rollout_code
from podpora.licensing.models import Device
from podpora.people.models import Customer, Person


class SettingsSchema(models.Model):
    """The settings of a product, as its developer described them in one version of the document. Never changed."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="settings_schemas")
    version = models.PositiveIntegerField()
    document = models.TextField()  # JSON as text: in its own order, which is that of the form
    digest = models.CharField(max_length=64)  # of the document: by which it is kept in memory once it was read
    uploaded_at = models.DateTimeField()
    by_name = models.CharField(max_length=254)

    class Meta:
        ordering = ["product", "version"]
        constraints = [models.UniqueConstraint(fields=["product", "version"], name="settings_schema_version_once")]

    def __str__(self) -> str:
        return f"{self.product}: settings {self.version}"


class Profile(models.Model):
    """The settings of one company for one product: the row that is locked while somebody publishes."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="profiles")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)  # the newest; 0: nothing was ever published
    # Grows with everything that can change what a device gets: a revision, a group, its devices. A poll compares it and nothing else.
    stamp = models.PositiveBigIntegerField(default=0)
    guarded = models.JSONField(default=list, blank=True)  # settings that a second person approves, besides those of the schema

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "product"], name="profile_once")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.product}"


class Revision(models.Model):
    """What was published, whole. Never changed; taking something back is a new one (CS-7)."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    schema = models.ForeignKey(SettingsSchema, on_delete=models.PROTECT, related_name="+")  # that it was checked against
    content = models.JSONField()  # {layer: {key: entry}}
    digest = models.CharField(max_length=64)  # of the content: by which it is kept in memory once it was read
    comment = models.CharField(max_length=500, blank=True)
    content_of = models.PositiveIntegerField(null=True, blank=True)  # a rollback: the revision whose content it has
    published_at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=254)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["profile", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.profile}: revision {self.number}"


class Draft(models.Model):
    """One layer as one administrator wants it, before he publishes it.

    Whose drafts: the debate. Drafts of the whole company would show two administrators the same half-done work, and whoever publishes
    first would publish the other one's as well, unfinished and under the wrong name. So everybody has his own, made from the revision
    that he saw; what another one published meanwhile is a conflict with a diff (CS-25), never a silent overwrite.
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    layer = models.CharField(max_length=40)
    entries = models.JSONField()
    based_on = models.PositiveIntegerField()  # the revision that it was made from
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["profile", "person", "layer"], name="layer_draft_once")]

    def __str__(self) -> str:
        return f"{self.layer} of {self.person}"


class Group(models.Model):
    """Devices that get something together: those that were put in, and those that a rule finds."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="groups")
    code = models.CharField(max_length=20, unique=True, default=group_code)
    name = models.CharField(max_length=100)
    priority = models.PositiveIntegerField()  # 0 wins (CS-4)
    rule = models.JSONField(default=dict, blank=True)  # values.GroupRule as JSON; {}: nobody by rule

    class Meta:
        ordering = ["priority", "code"]

    def __str__(self) -> str:
        return self.name


class GroupDevice(models.Model):
    """A device that was put into a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["group", "device"], name="group_device_once")]

    def __str__(self) -> str:
        return f"{self.device} in {self.group}"


class DeviceSettings(models.Model):
    """What one device was given last, and what it says became of it. Written when something changed, not at every poll."""

    device = models.OneToOneField(Device, on_delete=models.CASCADE, related_name="central_settings")
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="devices")
    stamp = models.PositiveBigIntegerField()  # the profile's, when it was looked at
    seen_version = models.CharField(max_length=50, blank=True)  # for which the values were computed
    seen_platform = models.CharField(max_length=50, blank=True)
    seen_name = models.CharField(max_length=100, blank=True)  # and by which rules found groups for it: name, team, who uses it
    seen_team = models.BigIntegerField(default=0)  # their primary keys; 0: none
    seen_person = models.BigIntegerField(default=0)
    revision = models.PositiveIntegerField()
    etag = models.CharField(max_length=64)
    bundle = models.TextField()  # the signed text itself: asked twice, it is the same
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in ReportState], default=ReportState.OFFERED)
    reported_revision = models.PositiveIntegerField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    keys = models.JSONField(default=dict, blank=True)  # what was not applied: {key: {state, code, reason}} (CS-14)
    is_drifted = models.BooleanField(default=False)  # something else than the company's word counts on it: its own policy (CS-23)
    refused = models.JSONField(default=list, blank=True)  # bundles that it did not take: [{code}] (CS-8 to CS-10)

    class Meta:
        indexes = [models.Index(fields=["profile", "state", "revision"], name="device_settings_state")]

    def __str__(self) -> str:
        return f"{self.device}: revision {self.revision}"


class RollOut(models.Model):
    """A revision on its way, wave after wave. Devices that no wave has reached have the `settled` revision meanwhile."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="rollouts")
    code = models.CharField(max_length=20, unique=True, default=rollout_code)
    revision = models.PositiveIntegerField()
    settled = models.PositiveIntegerField()
    plan = models.JSONField()  # values.Plan as JSON
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in RollOutState], default=RollOutState.RUNNING)
    wave = models.PositiveIntegerField(default=0)  # how many waves have begun
    is_held = models.BooleanField(default=False)  # today is one of the days on which nothing goes out
    started_at = models.DateTimeField()
    wave_at = models.DateTimeField()  # when the present wave began
    next_at = models.DateTimeField(null=True, blank=True)  # when the next one begins; None: when somebody says so
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)  # devices, when the present wave began
    reached = models.PositiveIntegerField(default=0)  # of them in the waves that have begun
    points = models.JSONField(default=list, blank=True)  # its past, for the chart: values.Point as lists
    why_halted = models.JSONField(default=dict, blank=True)  # {errors, reports} that were too many, or {} where a person did it
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=254)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=models.Q(state__in=[state.value for state in OPEN_STATES]), name="rollout_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: revision {self.revision}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Proposal(models.Model):
    """What an administrator wants to publish and a second person has to approve first."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="proposals")
    code = models.CharField(max_length=20, unique=True, default=proposal_code)
    layers = models.JSONField()  # the drafts: {layer: {key: entry}}
    based_on = models.PositiveIntegerField()
    comment = models.CharField(max_length=500, blank=True)
    plan = models.JSONField(default=dict, blank=True)  # of its roll-out; {}: to everybody at once
    instead_of = models.CharField(max_length=20, blank=True)
    keys = models.JSONField()  # those that need a second person
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in ProposalState], default=ProposalState.WAITING)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_name = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)  # what it became

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code
