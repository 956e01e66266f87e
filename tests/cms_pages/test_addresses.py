import pytest
from django.core.exceptions import ValidationError

from cms_pages.addresses import validate_address


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/catalogue/?sort_by=title#top",
        "#top",
        "?page=2",
        "https://example.com",
        "http://example.com/a?b=c",
        "mailto:ada@example.com",
        "tel:+441234567890",
        "HTTPS://example.com/",
    ],
)
def test_what_leads_somewhere_is_accepted(address: str) -> None:
    validate_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:",
        "https://",
        "mailto:",
        "catalogue/",
        "example.com",
        "https://[::1",
        "http://a b",
        "",
    ],
)
def test_what_a_browser_could_run_or_read_otherwise_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(address)
