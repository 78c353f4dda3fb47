"""Settings of the test suite: the real ones, on throw-away data.

`PODPORA_TEST_ENGINE` chooses the engine: sqlite (default) or postgresql.
"""

import hashlib
import os
import tempfile
from pathlib import Path

ENGINE = os.environ.get("PODPORA_TEST_ENGINE", "sqlite")
_URL = os.environ.get("PODPORA_TEST_DATABASE_URL", "postgresql://podpora:podpora@127.0.0.1:5432/podpora")
_HERE = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]

for _name in [n for n in os.environ if n.startswith("PODPORA_") and not n.startswith("PODPORA_TEST_")]:
    if _name not in ("PODPORA_CHROMIUM",):
        del os.environ[_name]
os.environ["PODPORA_DATA_DIR"] = tempfile.mkdtemp(prefix="podpora-test-")
os.environ["PODPORA_SECRET_KEY"] = "a-secret-of-the-tests-and-of-nobody-else"
os.environ["PODPORA_DEMO"] = "1"
os.environ.pop("PODPORA_TEST_ENGINE", None)
if ENGINE == "postgresql":
    os.environ["PODPORA_DATABASE_URL"] = _URL

from podpora.config.settings import *  # noqa: E402, F403
from podpora.config.settings import DATABASES  # noqa: E402

if ENGINE == "postgresql":
    DATABASES["default"]["TEST"] = {"NAME": f"test_podpora_{_HERE}"}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
