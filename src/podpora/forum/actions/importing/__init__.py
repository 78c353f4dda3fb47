"""What comes in from another forum or an export: written as it was. Nobody is told, no limit counts, nothing waits for a moderator."""

from podpora.forum.actions.importing.members import import_levels, import_member
from podpora.forum.actions.importing.topics import CameIn, import_post, import_topic, lead_category

__all__ = ["CameIn", "import_levels", "import_member", "import_post", "import_topic", "lead_category"]
