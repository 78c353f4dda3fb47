"""Addresses of shop."""

from django.urls import URLPattern, path

from podpora.web.public.shop import checkout, invoices, many, order, owned, pages, terms

app_name = "shop"
urlpatterns: list[URLPattern] = [
    path("orders/<str:token>/<str:number>.pdf", invoices.invoice, name="invoice"),
    path("", pages.home, name="home"),
    path("terms/", terms.terms, name="terms"),
    path("cart/", pages.cart, name="cart"),
    path("cart/add/", pages.add, name="add"),
    path("cart/change/", pages.change, name="change"),
    path("currency/", pages.currency, name="currency"),
    path("many/", many.show, name="many"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/<str:token>/", order.order, name="order"),
    path("orders/<str:token>/pay/", order.pay, name="pay"),
    path("orders/<str:token>/confirm/", order.confirm, name="confirm"),
    path("orders/<str:token>/cancel/", order.cancel, name="cancel"),
    path("renew/<str:licence>/", owned.renew, name="renew"),
    path("upgrade/<str:licence>/", owned.upgrade, name="upgrade"),
    path("lifetime/<str:licence>/", owned.lifetime, name="lifetime"),
    path("devices/<str:licence>/", owned.add_device, name="add_device"),
]
