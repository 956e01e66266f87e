"""What a letter is made of once its template is filled: headings, paragraphs, buttons, tables. Plain values.

A channel writes them as it can: e-mail as text and as HTML, a text message would take the words alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

MARK = "\ue000{}\ue001"  # private characters: no keyboard has them, and they are taken out of what staff write
MARKED = re.compile("\ue000([a-z0-9_]+)\ue001")
PRIVATE = re.compile("[\ue000\ue001]")
INLINE = re.compile(r"\*\*(?P<bold>.{1,500}?)\*\*|\[(?P<words>[^\]\n]{1,200})\]\((?P<target>[^)\s]{1,500})\)")
ADDRESS = re.compile(r"https?://[^\s\"<>]+")


@dataclass(frozen=True)
class Span:
    """A stretch of text in a line; `address` where it is a link."""

    text: str
    is_bold: bool = False
    address: str = ""


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Button:
    words: str
    address: str


@dataclass(frozen=True)
class Row:
    title: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]


Part: TypeAlias = Heading | Paragraph | Button | Table
Value: TypeAlias = str | tuple[Part, ...]
"""What a variable holds: words, or whole parts."""


def kind_of(part: Part) -> str:
    """Its name for templates: `heading`, `paragraph`, `button`, `table`."""
    return type(part).__name__.lower()


def titled(title: str, *lines: str) -> Paragraph:
    """A paragraph below a title in bold."""
    return Paragraph(((Span(title, is_bold=True),), *((Span(line),) for line in lines)))


def parts_of(text: str, values: Mapping[str, Value]) -> tuple[Part, ...]:
    """The parts of a filled template in which a mark stands for each value.

    A blank line ends a paragraph. `# ` begins a heading, `**bold**`, `[words](address)` are what they look like; a
    paragraph that is one link is a button. What a value holds is never taken for any of these.
    """
    return tuple(part for block in re.split(r"\n\s*\n", text.strip()) for part in _parts_of_block(block, values))


def words_of(text: str, values: Mapping[str, Value]) -> str:
    """Filled text in one line, without markup: a subject."""
    return " ".join(_filled(text, values).split())


def _parts_of_block(block: str, values: Mapping[str, Value]) -> Iterator[Part]:
    """What a block says before, in, and behind the variables that hold whole parts."""
    rest = 0
    for mark in MARKED.finditer(block):
        if not isinstance(held := values[mark[1]], str):
            yield from _part(block[rest : mark.start()], values)
            yield from held
            rest = mark.end()
    yield from _part(block[rest:], values)


def _part(text: str, values: Mapping[str, Value]) -> Iterator[Part]:
    text = text.strip()
    if not _filled(text, values).strip():
        return
    link = INLINE.fullmatch(text)
    if text.startswith("# "):
        yield Heading(words_of(text[2:], values))
    elif link and link["target"] and (address := _address(link["target"], values)):
        yield Button(words_of(link["words"], values), address)
    else:
        yield Paragraph(tuple(tuple(_spans(line.strip(), values)) for line in text.split("\n") if line.strip()))


def _spans(line: str, values: Mapping[str, Value]) -> Iterator[Span]:
    rest = 0
    for match in INLINE.finditer(line):
        if before := _filled(line[rest : match.start()], values):
            yield Span(before)
        if match["bold"]:
            yield Span(_filled(match["bold"], values), is_bold=True)
        else:
            yield Span(_filled(match["words"], values), address=_address(match["target"], values))
        rest = match.end()
    if behind := _filled(line[rest:], values):
        yield Span(behind)


def _filled(text: str, values: Mapping[str, Value]) -> str:
    return MARKED.sub(lambda mark: _words(values[mark[1]]), text)


def _words(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _address(target: str, values: Mapping[str, Value]) -> str:
    """Where a link leads; empty where that is no address of the web, so that the words alone are shown."""

    def put(mark: re.Match[str]) -> str:
        value = _words(values[mark[1]])
        return value if mark.start() == 0 else quote(value, safe="")

    address = MARKED.sub(put, target)
    return address if ADDRESS.fullmatch(address) else ""
