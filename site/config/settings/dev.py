"""`make run`: everything on this machine."""

from .base import *  # noqa: F403
from .base import STORAGES

DEBUG = True
ROOT_URLCONF = "config.urls_dev"

# Compressing is most of the time that collecting takes, and nothing is gained by it on the way to a browser beside us.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
