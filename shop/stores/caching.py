"""Cache keys carry the scope, so that what a package caches for one merchant is never another's; a Redis that is down
makes a cache empty, and nothing wrong; and files are quick to write.
"""

import pickle
import random
import time
import zlib
from collections.abc import Callable
from typing import IO, Any

import structlog
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

from .scope import current_merchant_id

PAUSE_S = 2
"""How long a Redis that did not answer is left alone."""

log = structlog.get_logger("stoa.cache")


def scoped_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: `prefix:merchant:version:key`; outside every scope the merchant is `-`."""
    return f"{key_prefix}:{current_merchant_id() or '-'}:{version}:{key}"


class QuietRedisCache(RedisCache):
    """Holds nothing while Redis doesn't answer, and is asked again after a while."""

    back_at = 0.0

    def quietly(self, ask: Callable[[], Any], otherwise: Any = None) -> Any:
        if time.monotonic() < QuietRedisCache.back_at:
            return otherwise
        try:
            return ask()
        except (RedisError, OSError) as error:
            QuietRedisCache.back_at = time.monotonic() + PAUSE_S
            log.warning("cache: Redis does not answer", error=str(error))
            return otherwise

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self.quietly(lambda: RedisCache.get(self, key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self.quietly(lambda: RedisCache.set(self, *args, **kwargs))

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self.quietly(lambda: RedisCache.add(self, *args, **kwargs), True)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self.quietly(lambda: RedisCache.touch(self, *args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self.quietly(lambda: RedisCache.delete(self, *args, **kwargs), False)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self.quietly(lambda: RedisCache.has_key(self, *args, **kwargs), False)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self.quietly(lambda: RedisCache.get_many(self, *args, **kwargs), {})

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return self.quietly(lambda: RedisCache.set_many(self, data, *args, **kwargs), list(data))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self.quietly(lambda: RedisCache.delete_many(self, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return self.quietly(lambda: RedisCache.incr(self, key, delta, version), delta)


class QuickFileCache(FileBasedCache):
    """Django's makes room before it writes anything, and packs it: both take longer than to write a page.

    There may be a few more files than `MAX_ENTRIES`.
    """

    MAKES_ROOM_EVERY = 50

    def _cull(self) -> None:
        if random.randrange(self.MAKES_ROOM_EVERY) == 0:  # noqa: S311 - no secret
            super()._cull()

    def _write_content(self, file: IO[bytes], timeout: Any, value: Any) -> None:
        file.write(pickle.dumps(self.get_backend_timeout(timeout), self.pickle_protocol))
        # Django reads nothing else than what zlib wrote
        file.write(zlib.compress(pickle.dumps(value, self.pickle_protocol), level=0))
