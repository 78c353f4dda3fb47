"""What a kept result was computed with: so that it is computed again when the vendor changes something."""

import hashlib
from collections.abc import Iterable
from datetime import date

from podpora.catalog.values import Policy, VersionFacts


def settings_mark(versions: Iterable[VersionFacts], policy: Policy, *, on: date) -> str:
    """A short mark of the versions, of which of them are out on that vendor date, and of the policy."""
    known = sorted((repr(version), bool(version.released_on and version.released_on <= on)) for version in versions)
    return hashlib.sha256(repr((known, policy)).encode()).hexdigest()[:16]
