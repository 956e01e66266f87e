"""Descriptions in HTML, which staff write and suppliers' files bring, as pages may show them."""

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption"),
        *("figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    }
)
ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"lang", "title", "dir"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def prose(text: str | None) -> SafeString:
    """What is text in this HTML and nothing else: no script, no form, and nothing that a script of ours acts on."""
    cleaned = nh3.clean(
        text or "", tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="noopener noreferrer"
    )
    return mark_safe(cleaned)  # noqa: S308 - that is what cleaning is for
