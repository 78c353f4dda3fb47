"""Tables of the forum."""

from podpora.forum.models.addresses import OldAddress
from podpora.forum.models.categories import Category
from podpora.forum.models.members import Member, Penalised
from podpora.forum.models.moderation import Flag, ReviewItem
from podpora.forum.models.posts import Post, PostFile, PostRevision, Vote
from podpora.forum.models.reading import Draft, MailToken, Reading, Subscription
from podpora.forum.models.topics import Counter, Solution, Topic, TopicTag

__all__ = [
    "Category", "Counter", "Draft", "Flag", "MailToken", "Member", "OldAddress", "Penalised", "Post", "PostFile", "PostRevision", "Reading",
    "ReviewItem", "Solution", "Subscription", "Topic", "TopicTag", "Vote",
]  # fmt: skip
