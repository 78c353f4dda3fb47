"""Addresses of the support centre."""

from django.urls import path

from podpora.web.portal.centre import asking, home, tickets

app_name = "centre"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", asking.new, name="new"),
    path("<str:code>/", tickets.ticket, name="ticket"),
    path("<str:code>/reply/", tickets.reply, name="reply"),
    path("<str:code>/state/", tickets.state, name="state"),
    path("<str:code>/people/", tickets.people, name="people"),
    path("<str:code>/files/<str:file>/", tickets.file, name="file"),
    path("<str:code>/messages/<str:message>/html/", tickets.html, name="message_html"),
]
