"""Addresses of the public face."""

from django.urls import path

from podpora.web.public import (
    confirming,
    contact,
    demo_mail,
    faq,
    free,
    mail_hooks,
    pages,
    problems,
    rating,
    search,
    switches,
    versions,
)

app_name = "public"
urlpatterns = [
    path("", pages.home, name="home"),
    path("versions/", versions.versions, name="versions"),
    path("versions/versions.ics", versions.calendar, name="versions_calendar"),
    path("versions/versions.json", versions.data, name="versions_data"),
    path("levels/", pages.levels, name="levels"),
    path("problems/", problems.problems, name="problems"),
    path("problems/<str:code>/", problems.problem, name="problem"),
    path("problems/<str:code>/me-too/", problems.me_too, name="problem_me_too"),
    path("versions/releases/<str:version>/", problems.release, name="release"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("search/similar/", search.similar, name="search_similar"),
    path("faq/", faq.faq, name="faq"),
    path("faq/feed.xml", faq.feed, name="faq_feed"),
    path("faq/pictures/<str:code>/", faq.picture, name="faq_picture"),
    path("faq/<slug:slug>/", faq.article, name="article"),
    path("faq/<slug:slug>/opinion/", faq.opinion, name="article_opinion"),
    path("contact/", contact.contact, name="contact"),
    path("contact/thanks/", contact.thanks, name="thanks"),
    path("contact/confirm/<str:token>/", confirming.confirm, name="confirm"),
    path("free/", free.free, name="free"),
    path("free/sent/", free.sent, name="free_sent"),
    path("rate/thanks/", rating.thanks, name="rate_thanks"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("language/", switches.language, name="language"),
    path("theme/", switches.theme, name="theme"),
    path("hooks/mail/<str:code>/", mail_hooks.call, name="mail_hook"),
    path("hooks/mail/<str:code>/mime", mail_hooks.call, name="mail_hook_mime"),  # for Mailgun
    path("demo/mail/", demo_mail.mails, name="demo_mail"),
    path("demo/mail/<code>/", demo_mail.mail, name="demo_mail"),
    path("demo/mail/<code>/letter/", demo_mail.letter, name="demo_letter"),
]
