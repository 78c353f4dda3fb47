from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "podpora.orders"
    label = "orders"
