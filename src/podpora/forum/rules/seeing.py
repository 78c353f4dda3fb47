"""Who sees what. `queries.seeing` says the same to the database; a test compares the two."""

from podpora.forum.values import CategoryFacts, MemberFacts, PostFacts, Reach, Shown

_ORDER = (Reach.EVERYBODY, Reach.MEMBERS, Reach.CUSTOMERS, Reach.STAFF)


def reaches(member: MemberFacts | None) -> tuple[Reach, ...]:
    """The circles that somebody belongs to; None: a visitor."""
    if member is None:
        return _ORDER[:1]
    if member.is_staff:
        return _ORDER
    return _ORDER[:3] if member.is_customer else _ORDER[:2]


def reads(member: MemberFacts | None, category: CategoryFacts) -> bool:
    return category.reads in reaches(member)


def sees_post(member: MemberFacts | None, post: PostFacts) -> bool:
    """In a topic that he sees: what is published; his own that waits or was hidden; staff see whispers, moderators everything."""
    if member is not None and member.moderates:
        return True
    if post.is_whisper:
        return member is not None and member.is_staff and post.state is Shown.VISIBLE
    if post.state is Shown.VISIBLE:
        return True
    own = member is not None and member.pk is not None and member.pk == post.author
    return own and post.state in (Shown.QUEUED, Shown.HIDDEN)
