"""Which changes a second person looks at, and whether there is one."""

from collections.abc import Collection

from podpora.fleet.models import Profile
from podpora.fleet.queries.schemas import newest_schema, read
from podpora.fleet.values import Change
from podpora.people import queries as people
from podpora.people.models import Person


def guarded_keys(profile: Profile, changes: Collection[Change]) -> list[str]:
    """The changed settings that a second person looks at: those that the vendor marked, and those that the company chose."""
    row = newest_schema(profile.product)
    known = read(row).settings if row else {}
    chosen = set(profile.guarded)
    return sorted({c.key for c in changes if c.key in chosen or (c.key in known and known[c.key].is_sensitive)})


# One person alone: the debate.
#
# A company with one administrator has nobody who could approve. To refuse its changes would lock it out of its own settings; to let it
# name anybody would be a signature without a meaning. So its changes are published, and the history says by whom: whoever took over the
# only account could have invited a second one as well. With a second person in the company, four eyes are needed.
def other_approvers(profile: Profile, person: Person) -> bool:
    """Is there somebody else who may approve?"""
    return any(one.person_id not in (None, person.pk) for one in people.recipients(profile.customer, "settings"))
