"""Mail in development, written where the server runs as people read it: who, about what, and the text."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Django's, without headers and encodings. Of a letter in two forms it is the plain one that is shown."""

    def write_message(self, message: EmailMessage) -> None:
        lines = [
            "-" * 79,
            f"From:    {message.from_email}",
            f"To:      {', '.join(message.recipients())}",
            f"Subject: {message.subject}",
            "",
            message.body.strip(),
            *(f"[{getattr(part, 'filename', None) or 'attachment'}]" for part in message.attachments),
            "-" * 79,
        ]
        self.stream.write("\n".join(lines) + "\n")
