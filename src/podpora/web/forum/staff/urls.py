"""Addresses of the forum's staff."""

from django.urls import path

from podpora.web.forum.staff import members, queues, report, reviews, topics

app_name = "forum_staff"
urlpatterns = [
    path("", queues.home, name="home"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<code>/", reviews.decide, name="decide"),
    path("report/", report.report, name="report"),
    path("people/", members.members, name="members"),
    path("people/<slug:handle>/", members.member, name="member"),
    path("topics/<int:number>/", topics.deed, name="deed"),
    path("topics/<int:number>/arrange/", topics.arrange, name="arrange"),
    path("topics/<int:number>/ticket/", topics.to_ticket, name="to_ticket"),
    path("posts/<code>/history/<int:number>/", reviews.revision, name="revision"),
    path("posts/<code>/restore/", reviews.restore, name="restore"),
    path("tickets/<code>/topic/", topics.from_ticket, name="from_ticket"),
]
