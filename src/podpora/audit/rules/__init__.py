"""What is written down and what never is; webhooks: where they may be sent, how they are signed, when they are tried again."""

from podpora.audit.rules.delivering import GIVE_UP_AFTER, excerpt, judge, next_try, signed_headers
from podpora.audit.rules.guarding import check_url, may_connect
from podpora.audit.rules.recording import changed, is_secret, recorded

__all__ = [
    "GIVE_UP_AFTER", "changed", "check_url", "excerpt", "is_secret", "judge", "may_connect", "next_try", "recorded", "signed_headers",
]  # fmt: skip
