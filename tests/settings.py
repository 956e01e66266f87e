"""The settings of the tests: an embedded server of their own, which waits for no disk, holds what is thrown away."""

import os

from config import embedded

SERVER = embedded.PROJECT / "var" / "test"

if not os.environ.get("DATABASE_URL"):
    URLS = embedded.ensure_running(SERVER, careful=False)
    os.environ |= {"DATABASE_URL": URLS.runtime, "DATABASE_OWNER_URL": URLS.owner}
    os.environ["DATABASE_ADMIN_URL"] = embedded.admin_url(SERVER)

from config.settings.test import *  # noqa: E402, F403
