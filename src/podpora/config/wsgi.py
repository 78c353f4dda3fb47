"""The WSGI entry point: the hot calls of devices first (dispatch.py), then Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podpora.config.settings")
_django = get_wsgi_application()

from podpora.config.dispatch import Dispatcher  # noqa: E402  # needs Django's applications

application = Dispatcher(_django)
