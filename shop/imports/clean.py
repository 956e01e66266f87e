"""HTML that comes from outside: what formats text stays, everything else goes."""

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from wagtail.whitelist import DEFAULT_ELEMENT_RULES, Whitelister, allow_without_attributes

TABLES_AND_LISTS = (
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "u",
)
NOT_TEXT = frozenset(
    {
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "noscript",
        "textarea",
        "title",
        "select",
    }
)
"""Elements whose content isn't meant to be read, or isn't parsed as HTML."""


class DescriptionWhitelister(Whitelister):
    element_rules = {
        **{name: rule for name, rule in DEFAULT_ELEMENT_RULES.items() if name != "img"},
        **dict.fromkeys(TABLES_AND_LISTS, allow_without_attributes),
    }

    def clean_tag_node(self, doc: BeautifulSoup, tag: Tag) -> None:
        if tag.name in NOT_TEXT:
            tag.decompose()
        else:
            super().clean_tag_node(doc, tag)

    def clean_string_node(self, doc: BeautifulSoup, node: NavigableString) -> None:
        """Drop comments, and CDATA sections and the like too, which are written out as they are."""
        if isinstance(node, PreformattedString):
            node.extract()


def clean_description(text: str) -> str:
    """A description without scripts, styles, pictures and attributes. A text without any tag is left alone."""
    return DescriptionWhitelister().clean(text) if "<" in text else text
