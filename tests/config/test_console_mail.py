"""What a developer reads of a mail."""

import io

from django.core.mail import EmailMultiAlternatives

from config.console_mail import EmailBackend


def test_a_mail_is_written_as_people_read_it() -> None:
    stream = io.StringIO()
    letter = EmailMultiAlternatives(
        "Ihre Bestellung für Übermorgen", "Grüße aus Köln\n", "shop@lumen.example", ["ä@x.example", "b@x.example"]
    )
    letter.attach_alternative("<p>Grüße</p>", "text/html")
    letter.attach("rechnung.pdf", b"%PDF", "application/pdf")

    sent = EmailBackend(stream=stream).send_messages([letter])

    assert sent == 1
    line = "-" * 79
    assert stream.getvalue().splitlines() == [
        line,
        "From:    shop@lumen.example",
        "To:      ä@x.example, b@x.example",
        "Subject: Ihre Bestellung für Übermorgen",
        "",
        "Grüße aus Köln",
        "[rechnung.pdf]",
        line,
    ]
