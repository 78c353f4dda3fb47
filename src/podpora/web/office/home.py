"""What needs the manager's attention."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from podpora.web.access import manager


@manager
def home(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "office/home.html")
