"""The home page, the levels of support, and the pages around them."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from podpora.web.access import public


@public
def home(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/home.html")


@public
def levels(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/levels.html")


@public
def forum(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/forum.html")


@public
def faq(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/faq.html")


@public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return TemplateResponse(request, "public/faq.html")


@public
def contact(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "public/contact.html")
