"""Of the server that browsers are driven against: as in tests, but with static files, and mail in a folder."""

import os

from config.settings.test import *  # noqa: F403

ROOT_URLCONF = "config.urls_dev"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_FOLDER"]
