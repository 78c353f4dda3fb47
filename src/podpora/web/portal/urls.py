"""Addresses of portal."""

from django.urls import URLPattern, path

from podpora.web.portal import home, licences

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("account/", home.home, name="home"),
    path("licences/", licences.licences, name="licences"),
    path("licences/<str:code>/", licences.licence, name="licence"),
    path("licences/<str:code>/key/", licences.show_key, name="licence_key"),
    path("licences/<str:code>/name/", licences.rename, name="licence_name"),
    path("licences/<str:code>/devices/<str:device>/free/", licences.free_seat, name="free_seat"),
    path("licences/<str:code>/why/", licences.explain, name="explain"),
]
