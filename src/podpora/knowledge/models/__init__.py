"""Tables of articles."""

from podpora.knowledge.models.articles import Article, Category, Picture, Revision, Text
from podpora.knowledge.models.feedback import Feedback

__all__ = ["Article", "Category", "Feedback", "Picture", "Revision", "Text"]
