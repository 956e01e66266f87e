"""`make test`."""

from .base import *  # noqa: F403
from .base import DATABASES, PROJECT

DEBUG = False
SECRET_KEY = "only-for-tests-" + "0123456789abcdef" * 3
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "shop.stores.storage.MerchantStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "shop.stores.caching.scoped_key",
    },
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
# Empty: each browser of a test has a WhiteNoise of its own, which reads all that `make run` collected in the other.
STATIC_ROOT = PROJECT / "var" / "test-static"
MEDIA_ROOT = PROJECT / "var" / "test-media"
CELERY_TASK_ALWAYS_EAGER = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
SEARCH_URL = None  # whatever the environment says: a test that asks OpenSearch starts one of hand-written answers
TEST_GATEWAY = "http://127.0.0.1:9"  # nobody: a test that pays starts a gateway of its own
STRIPE_API = PAYPAL_API = PAYPAL_PAGE = "http://127.0.0.1:9"
GATEWAY_TIMEOUT_S = 20  # as in production: a busy machine is slow to answer, too
