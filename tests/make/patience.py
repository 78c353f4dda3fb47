"""How much a test tries: a sample in the ordinary run, all of it with PODPORA_TEST_THOROUGH=1."""

import os

THOROUGH = bool(os.environ.get("PODPORA_TEST_THOROUGH"))


def so_many(ordinary: int, thorough: int) -> int:
    return thorough if THOROUGH else ordinary
