"""Addresses of shop."""

from django.urls import URLPattern, path

from podpora.web.public.shop import owned, pages

app_name = "shop"
urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("cart/", pages.cart, name="cart"),
    path("cart/add/", pages.add, name="add"),
    path("cart/change/", pages.change, name="change"),
    path("currency/", pages.currency, name="currency"),
    path("renew/<str:licence>/", owned.renew, name="renew"),
    path("upgrade/<str:licence>/", owned.upgrade, name="upgrade"),
    path("lifetime/<str:licence>/", owned.lifetime, name="lifetime"),
    path("devices/<str:licence>/", owned.add_device, name="add_device"),
]
