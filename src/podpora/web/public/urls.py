"""Addresses of the public face."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from podpora.web.access import public

app_name = "public"


@public
def home(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/home.html")


urlpatterns = [path("", home, name="home")]
