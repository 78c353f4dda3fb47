"""The one address of the pretended card gate (demo only)."""

from django.urls import path

from podpora.integrations.test_provider import pages

urlpatterns = [path("demo/pay/<str:reference>/", pages.gate, name="test_provider")]
