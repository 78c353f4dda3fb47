"""Addresses of the desk."""

from django.urls import path

from podpora.web.desk import bulk, lists, tickets, views

app_name = "desk"
urlpatterns = [
    path("", lists.home, name="home"),
    path("presence/", lists.presence, name="presence"),
    path("tickets.csv", lists.export, name="export"),
    path("views/", views.save, name="views"),
    path("views/<str:view>/", views.view, name="view"),
    path("many/", bulk.begin, name="many"),
    path("many/<str:work>/", bulk.show, name="work"),
    path("many/<str:work>/undo/", bulk.undo, name="undo"),
    path("<str:code>/", tickets.ticket, name="ticket"),
    path("<str:code>/write/", tickets.write, name="write"),
    path("<str:code>/change/", tickets.change, name="change"),
    path("<str:code>/participants/", tickets.participants, name="participants"),
    path("<str:code>/files/<str:file>/", tickets.file, name="file"),
]
