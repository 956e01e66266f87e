"""A mail server that is not there."""

import smtplib
from typing import Any, NoReturn

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, messages: Any) -> NoReturn:
        raise smtplib.SMTPServerDisconnected("gone")
