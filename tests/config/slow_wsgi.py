"""The application as it is, but each request takes its time."""

import time
from collections.abc import Iterable
from typing import Any

from config.wsgi import application as quick_application


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    time.sleep(0.5)
    return quick_application(environ, start_response)
