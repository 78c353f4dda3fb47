"""What readers say of an article."""

from django.db import models

from podpora.knowledge.models.articles import LANGUAGE_CHOICES, Article


class Feedback(models.Model):
    """Did it help? And if not, what was missing. No person is kept with it: only a mark that lets one reader answer once."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    number = models.PositiveIntegerField()  # the revision that was read
    helped = models.BooleanField()
    missing = models.TextField(blank=True)
    reader = models.CharField(max_length=40)
    said_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)  # somebody of the vendor's people dealt with it

    class Meta:
        ordering = ["-said_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["article", "language", "reader"], name="article_feedback_once")]

    def __str__(self) -> str:
        return f"{self.article} {self.language} {'+' if self.helped else '-'}"
