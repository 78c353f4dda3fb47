"""Settings of the test suite: the real ones, on throw-away data.

`PODPORA_TEST_ENGINE` chooses the engine: sqlite (default) or postgresql. `PODPORA_TEST_REDIS_URL`: use that Redis as
the cache, as installations on PostgreSQL do.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

ENGINE = os.environ.pop("PODPORA_TEST_ENGINE", "sqlite")
DATABASE_URL = os.environ.get("PODPORA_TEST_DATABASE_URL", "postgresql://podpora:podpora@127.0.0.1:5432/podpora")
REDIS_URL = os.environ.get("PODPORA_TEST_REDIS_URL", "")
KEPT = ("PODPORA_CHROMIUM",)
_HERE = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]

for _name in [n for n in os.environ if n.startswith("PODPORA_") and not n.startswith("PODPORA_TEST_")]:
    if _name not in KEPT:
        del os.environ[_name]
# Workers of pytest-xdist inherit the environment of their parent: the engine must reach them too.
os.environ["PYTEST_PODPORA_ENGINE"] = ENGINE = os.environ.get("PYTEST_PODPORA_ENGINE", ENGINE)
_folder = tempfile.mkdtemp(prefix="podpora-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["PODPORA_DATA_DIR"] = _folder
Path(_folder, "static").mkdir()  # whitenoise warns about a missing one
os.environ["PODPORA_SECRET_KEY"] = "a-secret-of-the-tests-and-of-nobody-else"
os.environ["PODPORA_DEMO"] = "1"
if ENGINE == "postgresql":
    os.environ["PODPORA_DATABASE_URL"] = DATABASE_URL

from podpora.config.settings import *  # noqa: E402, F403
from podpora.config.settings import DATABASES  # noqa: E402

if ENGINE == "postgresql":
    DATABASES["default"]["TEST"] = {"NAME": f"test_podpora_{_HERE}"}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    # A file, not memory: races need connections that are as separate as they are in production.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PAGES_KEPT = 0
WHITENOISE_USE_FINDERS = False  # otherwise each test's client would walk through all static files before its first page
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "tests.redis_cache.OwnKeysOnly",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": f"podpora-test-{_HERE}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
