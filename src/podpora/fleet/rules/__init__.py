"""Rules of this room, pure.

schemas     the vendor's document is read and checked; two versions of it compared
checking    does a value fit its setting? does it look like a secret? (CS-13, CS-21)
effective   what counts on a device, who won and who lost (CS-1 to CS-5, CS-12)
revisions   what differs between two revisions; what merges (CS-7, CS-25)
grouping    which groups a device is in by their rules
writing     entries and contents as JSON
plans       the plan of a roll-out as JSON
waves       which devices a roll-out has reached, and when it halts itself (CS-17 to CS-19)
"""

from podpora.fleet.rules.checking import problems_of
from podpora.fleet.rules.effective import holds, outcome_of
from podpora.fleet.rules.grouping import belongs
from podpora.fleet.rules.plans import plan_from, plan_json, read_plan
from podpora.fleet.rules.revisions import changes_between, conflicts_of, merged
from podpora.fleet.rules.schemas import compare, read_schema
from podpora.fleet.rules.waves import has_reached, is_held, must_halt, next_wave_at, revision_for, share_of
from podpora.fleet.rules.writing import digest_of, entry_from, entry_json, flags_of, read_entries, read_rule, rule_from, rule_json

__all__ = [
    "belongs", "changes_between", "compare", "conflicts_of", "digest_of", "entry_from", "entry_json", "flags_of", "has_reached", "holds", "is_held",
    "merged", "must_halt", "next_wave_at", "outcome_of", "plan_from", "plan_json", "problems_of", "read_entries", "read_plan", "read_rule",
    "read_schema", "revision_for", "rule_from", "rule_json", "share_of",
]  # fmt: skip
