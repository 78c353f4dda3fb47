"""Health: /healthz, /readyz, /metrics."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
