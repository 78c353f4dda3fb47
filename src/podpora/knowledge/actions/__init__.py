"""Writing articles."""

from podpora.knowledge.actions.articles import create_article, index_article, remove_category, set_category, set_facts
from podpora.knowledge.actions.feedback import answer, mark_feedback_seen
from podpora.knowledge.actions.publishing import archive, publish, publish_due, render_anew, schedule
from podpora.knowledge.actions.standard import load_standard
from podpora.knowledge.actions.writing import add_picture, begin_article, restore, write

__all__ = [
    "add_picture", "answer", "archive", "begin_article", "create_article", "index_article", "load_standard", "mark_feedback_seen", "publish",
    "publish_due", "remove_category", "render_anew", "restore", "schedule", "set_category", "set_facts", "write",
]  # fmt: skip
