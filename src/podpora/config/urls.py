"""Root addresses: one line for each face."""

from django.conf import settings
from django.urls import include, path

from podpora.web.portal.account.urls import entrance_patterns
from podpora.web.public import sitemap

urlpatterns = [
    path("", include("podpora.web.public.urls")),
    path("shop/", include("podpora.web.public.shop.urls")),
    path("", include(entrance_patterns)),
    path("", include("podpora.web.portal.account.urls")),
    path("licences/settings/", include("podpora.web.portal.settings.urls")),
    path("", include("podpora.web.portal.urls")),
    path("centre/", include("podpora.web.portal.centre.urls")),
    path("forum/", include("podpora.web.forum.urls")),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap_pages"),
    path("sitemap-<int:part>.xml", sitemap.topics, name="sitemap_topics"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("desk/forum/", include("podpora.web.forum.staff.urls")),
    path("desk/", include("podpora.web.desk.urls")),
    path("office/", include("podpora.web.office.urls")),
    path("api/", include("podpora.api.urls")),
    path("", include("podpora.api.health")),
]
if "test" in settings.PAYMENT_PROVIDERS:
    urlpatterns.append(path("", include("podpora.integrations.test_provider.urls")))
handler400 = "podpora.web.errors.bad_request"
handler403 = "podpora.web.errors.forbidden"
handler404 = "podpora.web.forum.old_addresses.not_found"
handler500 = "podpora.web.errors.server_error"
