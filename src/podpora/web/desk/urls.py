"""Addresses of the desk."""

from django.urls import path

from podpora.web.desk import absence, bulk, command, deeds, drafting, lists, mails, presence, reports, suggestions, tickets, views

app_name = "desk"
urlpatterns = [
    path("", lists.home, name="home"),
    path("presence/", lists.presence, name="presence"),
    path("tickets.csv", lists.export, name="export"),
    path("me/", absence.mine, name="absence"),
    path("me/<str:absence>/end/", absence.end, name="absence_end"),
    path("reports/", reports.reports, name="reports"),
    path("reports.csv", reports.export, name="report_export"),
    path("views/", views.save, name="views"),
    path("views/<str:view>/", views.view, name="view"),
    path("command/", command.command, name="command"),
    path("many/", bulk.begin, name="many"),
    path("many/<str:work>/", bulk.show, name="work"),
    path("many/<str:work>/undo/", bulk.undo, name="undo"),
    path("mails/", mails.mails, name="mails"),
    path("mails/count/", mails.count, name="mails_count"),
    path("mails/many/", mails.many, name="mails_many"),
    path("mails/<str:mail>/", mails.mail, name="mail"),
    path("mails/<str:mail>/raw/", mails.raw, name="mail_raw"),
    path("mails/<str:mail>/release/", mails.release, name="mail_release"),
    path("mails/<str:mail>/drop/", mails.drop, name="mail_drop"),
    path("mails/<str:mail>/retry/", mails.retry, name="mail_retry"),
    path("<str:code>/", tickets.ticket, name="ticket"),
    path("<str:code>/here/", presence.at, name="here"),
    path("<str:code>/suggestions/", suggestions.suggestions, name="suggestions"),
    path("<str:code>/tags/", deeds.tags, name="tags"),
    path("<str:code>/snooze/", deeds.snooze, name="snooze"),
    path("<str:code>/merge/", deeds.merge, name="merge"),
    path("<str:code>/follow/", deeds.follow, name="follow"),
    path("<str:code>/replies/", drafting.replies, name="replies"),
    path("<str:code>/macro/", drafting.macro, name="macro"),
    path("<str:code>/draft/", drafting.draft, name="draft"),
    path("<str:code>/waiting/<str:answer>/", drafting.waiting, name="waiting"),
    path("<str:code>/conversation/", tickets.conversation, name="conversation"),
    path("<str:code>/unmerge/", tickets.unmerge, name="unmerge"),
    path("<str:code>/write/", tickets.write, name="write"),
    path("<str:code>/change/", tickets.change, name="change"),
    path("<str:code>/participants/", tickets.participants, name="participants"),
    path("<str:code>/files/<str:file>/", tickets.file, name="file"),
]
