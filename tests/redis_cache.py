"""Redis for tests: `clear()` removes the suite's own keys and never flushes somebody's database."""

from django.core.cache.backends.redis import RedisCache


class OwnKeysOnly(RedisCache):
    def clear(self) -> bool:
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*"):
            client.delete(key)
        return True
