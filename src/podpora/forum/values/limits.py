"""Numbers that bound what people write and how long things wait."""

from datetime import timedelta

TITLE_LENGTH = 150
TITLE_SHORTEST = 8
POST_LENGTH = 32_000
MOST_TAGS = 5
TAG_LENGTH = 30
HANDLE_LENGTH = 30
MOST_FILES = 10  # of one post

ICONS = (
    "messages-square", "circle-question-mark", "lightbulb", "megaphone", "key-round", "lock", "book-open", "bug", "wrench", "users", "star",
)  # of categories  # fmt: skip
PAGE = 20  # posts
TOPICS_PAGE = 30

EDIT_GRACE = timedelta(minutes=5)  # what is changed within it makes no revision of its own
DRAFT_LIFE = timedelta(days=180)
MAIL_WAIT = timedelta(minutes=10)  # FO-21
MAILS_A_DAY = 100
NEW_FOR = timedelta(days=2)  # FO-25
DETAILS_PATIENCE = timedelta(days=14)  # FO-30
SOLVED_BOOST = 110  # FO-5, percent of the rank of what is not solved
LATE_CLOSE = timedelta(hours=4)
