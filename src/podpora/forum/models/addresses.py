"""Where what came from another forum used to stand, so that old links lead on."""

from django.db import models

from podpora.forum.models.categories import Category
from podpora.forum.models.members import Member
from podpora.forum.models.topics import Topic


class OldAddress(models.Model):
    """A path of another forum, with its question mark when it had one, and what of ours it leads to."""

    path = models.CharField(max_length=300, unique=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="old_addresses")
    number = models.PositiveIntegerField(default=0)  # of a post in it
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="old_addresses")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.CASCADE, related_name="old_addresses")

    def __str__(self) -> str:
        return self.path
