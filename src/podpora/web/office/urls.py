"""Addresses of office."""

from django.urls import URLPattern, path

from podpora.web.office import audit, components, home, jobs, mail

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("components", components.components, name="components"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<code>/", jobs.job, name="job"),
    path("jobs/<code>/retry/", jobs.retry, name="job_retry"),
    path("mail/", mail.mails, name="mails"),
    path("mail/<code>/again/", mail.send_again, name="mail_again"),
    path("audit/", audit.audit, name="audit"),
]
