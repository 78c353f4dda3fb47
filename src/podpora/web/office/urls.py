"""Addresses of office."""

from django.urls import URLPattern, path

from podpora.web.office import audit, components, customers, home, jobs, mail, offers, orders, plans, queues, seller, versions

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("components", components.components, name="components"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:code>/", orders.order, name="order"),
    path("orders/<str:code>/<str:what>/", orders.act, name="order_act"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<str:code>/", customers.customer, name="customer"),
    path("seller/", seller.seller, name="seller"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<code>/", jobs.job, name="job"),
    path("jobs/<code>/retry/", jobs.retry, name="job_retry"),
    path("mail/", mail.mails, name="mails"),
    path("mail/<code>/again/", mail.send_again, name="mail_again"),
    path("queues/", queues.queues, name="queues"),
    path("queues/new/", queues.new_queue, name="queue_new"),
    path("queues/<slug:code>/", queues.queue, name="queue"),
    path("audit/", audit.audit, name="audit"),
    path("versions/", versions.versions, name="versions"),
    path("versions/new/", versions.new_version, name="version_new"),
    path("versions/<int:major>/", versions.version, name="version"),
    path("versions/<int:major>/releases/", versions.release, name="release"),
    path("plans/", plans.plans, name="plans"),
    path("plans/policy/", plans.policy, name="policy"),
    path("plans/<slug:tier>/<slug:channel>/", plans.plan, name="plan"),
    path("offers/", offers.offers, name="offers"),
    path("offers/prices/new/", offers.new_prices, name="prices_new"),
    path("offers/prices/<slug:currency>/<str:valid_from>/", offers.prices, name="prices"),
    path("offers/prices/<slug:currency>/<str:valid_from>/withdraw/", offers.withdraw_prices, name="prices_withdraw"),
    path("offers/<slug:code>/", offers.offer, name="offer"),
]
