"""Addresses of office."""

from django.urls import URLPattern, path

from podpora.web.office import components, home

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("components", components.components, name="components"),
]
