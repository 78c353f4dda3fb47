"""Who a person is in the forum, and whom it does not hear for a while."""

from django.db import models

from podpora.forum.models.choices import choices_of
from podpora.forum.values import MemberFacts, Penalty, Trust
from podpora.people.models import Person
from podpora.people.permissions import staff_may


class Member(models.Model):
    """A person's face in the forum: a name of his choice, what he lets be seen, how far he is trusted. Never his address (S57)."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="forum_member")
    handle = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)  # as it stands beside his posts
    about = models.CharField(max_length=500, blank=True)
    shows_customer = models.BooleanField(default=False)  # his own decision
    shows_vip = models.BooleanField(default=False)
    is_customer = models.BooleanField(default=False)  # kept by journeys.standing (FB-1)
    is_vip = models.BooleanField(default=False)
    trust = models.PositiveSmallIntegerField(choices=choices_of(Trust), default=Trust.NEW)
    trust_by_hand = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    seen_on = models.DateField(null=True, blank=True)
    days_visited = models.PositiveIntegerField(default=0)
    topics_entered = models.PositiveIntegerField(default=0)
    posts_read = models.PositiveIntegerField(default=0)
    seconds_read = models.PositiveIntegerField(default=0)
    topics_count = models.PositiveIntegerField(default=0)  # visible ones
    posts_count = models.PositiveIntegerField(default=0)
    solutions_count = models.PositiveIntegerField(default=0)
    votes_given = models.PositiveIntegerField(default=0)
    votes_received = models.PositiveIntegerField(default=0)
    flags_agreed = models.PositiveIntegerField(default=0)  # of flags that he raised
    flags_disagreed = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)  # posts of his that moderators found to be bad
    digest_days = models.PositiveSmallIntegerField(default=7)  # 0: never
    digest_at = models.DateTimeField(null=True, blank=True)  # the last attempt (FO-22)
    mails_on = models.DateField(null=True, blank=True)
    mails_count = models.PositiveSmallIntegerField(default=0)  # on that day (FO-21)

    class Meta:
        indexes = [models.Index(fields=["digest_at"], name="member_digest")]

    def __str__(self) -> str:
        return self.name

    @property
    def facts_trust(self) -> Trust:
        return Trust(self.trust)

    def facts(self) -> MemberFacts:
        """Without silence, which is asked when somebody writes (`queries.member_facts`)."""
        return MemberFacts(
            pk=self.person_id,
            trust=Trust(self.trust),
            is_staff=staff_may(self.person, "forum"),
            moderates=staff_may(self.person, "moderate"),
            is_customer=self.is_customer,
            joined_at=self.joined_at,
        )


class Penalised(models.Model):
    """Silence or suspension, until when and why. Lifted ones stay to be read."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="forum_penalties")
    kind = models.CharField(max_length=10, choices=choices_of(Penalty))
    until_at = models.DateTimeField(null=True, blank=True)  # None: for good
    why = models.CharField(max_length=300)  # told to him
    since_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(lifted_at__isnull=True), name="forum_penalty_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
