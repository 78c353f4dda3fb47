"""Reading central settings: schemas, revisions, what counts on a device and why, the devices of a company."""

from podpora.fleet.queries.contents import content_of, draft_content, drafts_of, entries_of, layer_of, layers_of, place_of, revision
from podpora.fleet.queries.devices import devices_of, given_to, held_by, outcome_for, target_of, traits_of
from podpora.fleet.queries.groups import group_in, groups_of, groups_of_device
from podpora.fleet.queries.profiles import find_profile, profile_or_empty, profiles_of
from podpora.fleet.queries.schemas import newest_schema, read

__all__ = [
    "content_of", "devices_of", "draft_content", "drafts_of", "entries_of", "find_profile", "given_to", "group_in", "groups_of",
    "groups_of_device", "held_by", "layer_of", "layers_of", "newest_schema", "outcome_for", "place_of", "profile_or_empty",
    "profiles_of", "read", "revision", "target_of", "traits_of",
]  # fmt: skip
