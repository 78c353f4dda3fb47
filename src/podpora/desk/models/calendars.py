"""When there is service: weekly windows in a zone of their own, and the days without."""

from django.db import models
from django.db.models import F, Q


class Calendar(models.Model):
    """Service time. Its windows are of the wall clock in its zone; holidays are its dates without service."""

    code = models.SlugField(max_length=40, unique=True)
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2, blank=True)  # whose public holidays are taken over
    subdivision = models.CharField(max_length=10, blank=True)
    holidays_through = models.PositiveSmallIntegerField(null=True, blank=True)  # the last year of them that was taken over

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Window(models.Model):
    """Service on a weekday from `opens` to `closes`, in minutes of the wall clock; 1440 is 24:00."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField()  # 0: Monday
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6) & Q(closes__lte=1440), name="window_in_a_week"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="window_opens_before_it_closes"),
            models.UniqueConstraint(fields=["calendar", "weekday", "opens"], name="window_once"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id}: {self.weekday} {self.opens}-{self.closes}"


class HolidayFeed(models.Model):
    """An address from which days without service are fetched (iCal)."""

    calendar = models.OneToOneField(Calendar, on_delete=models.CASCADE, related_name="feed")
    url = models.CharField(max_length=500)
    etag = models.CharField(max_length=200, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)  # tried
    succeeded_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=60, blank=True)  # a reason code

    def __str__(self) -> str:
        return self.url


class Holiday(models.Model):
    """A date without service. `source`: by hand, of the country, or from the feed."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=10, choices=[("hand", "HAND"), ("country", "COUNTRY"), ("feed", "FEED")])

    class Meta:
        ordering = ["on", "source"]
        constraints = [models.UniqueConstraint(fields=["calendar", "on", "source"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"
