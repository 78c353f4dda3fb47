"""A post that a moderator has to look at: in the queue once, whatever speaks against it."""

from datetime import datetime

from podpora.forum.models import Post, ReviewItem
from podpora.forum.values import Review


def hold(post: Post, why: str, *, score: float = 1.0, at: datetime) -> ReviewItem:
    """Put it into the queue, or say more about what waits there already: whoever looks at the older one is told (FO-17)."""
    item = ReviewItem.objects.select_for_update().filter(post=post, state=Review.OPEN).first()
    if item is None:
        return ReviewItem.objects.create(post=post, why=why, score=score, opened_at=at)
    item.score = round(item.score + score, 2)
    item.version += 1
    item.save(update_fields=["score", "version"])
    return item
