"""Reading central settings: schemas, revisions, what counts on a device and why, the devices of a company, roll-outs."""

from podpora.fleet.queries.approvals import guarded_keys, other_approvers
from podpora.fleet.queries.contents import (
    COMPANY,
    content_of,
    draft_content,
    drafts_of,
    entries_of,
    laid_upon,
    layer_of,
    layers_of,
    place_of,
    revision,
    revisions_of,
)
from podpora.fleet.queries.devices import (
    content_for,
    devices_of,
    given_to,
    held_by,
    held_sql,
    outcome_for,
    platform_of,
    seen_of,
    target_of,
    traits_of,
)
from podpora.fleet.queries.groups import group_in, groups_of, groups_of_device
from podpora.fleet.queries.lists import (
    STATES,
    DeviceCounts,
    SettingsWish,
    device_counts,
    device_in,
    devices_by_codes,
    errors_of,
    listed,
    names_of_devices,
    standing_of,
)
from podpora.fleet.queries.population import Preview, count_reached, member_codes, members, preview
from podpora.fleet.queries.profiles import find_profile, profile_or_empty, profiles_of
from podpora.fleet.queries.rollouts import (
    due_rollouts,
    open_rollout,
    points_of,
    progress_of,
    proposal_in,
    proposals_of,
    revision_of_device,
    rollout_in,
    rollouts_of,
    settled_revision,
    waiting_proposals,
)
from podpora.fleet.queries.schemas import newest_schema, read, schemas_of

__all__ = [
    "COMPANY", "STATES", "DeviceCounts", "Preview", "SettingsWish", "content_for", "content_of", "count_reached", "device_counts", "device_in",
    "devices_by_codes", "devices_of", "draft_content", "drafts_of", "due_rollouts", "entries_of", "errors_of", "find_profile", "given_to",
    "group_in", "groups_of", "groups_of_device", "guarded_keys", "held_by", "held_sql", "laid_upon", "layer_of", "layers_of", "listed",
    "member_codes", "members", "names_of_devices", "newest_schema", "open_rollout", "other_approvers", "outcome_for", "place_of", "platform_of",
    "points_of", "preview", "profile_or_empty", "profiles_of", "progress_of", "proposal_in", "proposals_of", "read", "revision",
    "revision_of_device", "revisions_of", "rollout_in", "rollouts_of", "schemas_of", "seen_of", "settled_revision", "standing_of", "target_of",
    "traits_of", "waiting_proposals",
]  # fmt: skip
