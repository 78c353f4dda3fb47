"""Django's settings for a mail server's pipe: started for every single mail, so only the rooms that keep it are loaded (half the time)."""

from podpora.config.settings import *  # noqa: F403

INSTALLED_APPS = [f"podpora.{room}" for room in ("jobs", "audit", "files", "mail")]
LOGGING_CONFIG = None
