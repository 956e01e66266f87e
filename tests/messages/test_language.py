"""What a template may say, what is refused with which sentence, and that nothing else can be reached."""

from contextlib import suppress
from time import perf_counter

import pytest

from shop.messages.errors import TemplateRefused
from shop.messages.language import DEEPEST, LONGEST, fill, read
from shop.messages.parts import MARK, Button, Heading, Paragraph, Row, Span, Table, parts_of, words_of

VALUES = {"name": "Ada", "empty": "", "table": (Table((Row("Total", "£5"),)),), "link": "https://shop.example/o/1/"}


def filled(source: str) -> str:
    nodes = read(source, known=VALUES.keys())
    return fill(nodes, lambda name: bool(VALUES[name]), lambda name: str(VALUES[name]))


def parts(source: str, **values: str):
    held = VALUES | values
    nodes = read(source, known=held.keys())
    return parts_of(fill(nodes, lambda name: bool(held[name]), MARK.format), held)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Dear {{ name }},", "Dear Ada,"),
        ("{{name}}{{ empty }}!", "Ada!"),
        ("{% if name %}Dear {{ name }}{% else %}Hello{% endif %}", "Dear Ada"),
        ("{% if empty %}a{% else %}b{% endif %}", "b"),
        ("{% if empty %}a{% endif %}", ""),
        ("{% if name %}1{% if empty %}2{% else %}3{% endif %}4{% endif %}", "134"),
        ("{ name } 100 % }", "{ name } 100 % }"),
    ],
)
def test_a_template_is_filled(source, text):
    assert filled(source) == text


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("one\ntwo {{ nmae }}", "Line 2: this message has no variable “nmae”."),
        ("{% if nmae %}{% endif %}", "Line 1: this message has no variable “nmae”."),
        ("{{ name", "Line 1: “{{” has no other half."),
        ("a\n\nname }}", "Line 3: “}}” has no other half."),
        ("{% if name %}", "Line 1: “{% if … %}” has no “{% endif %}”."),
        ("a\n{% endif %}", "Line 2: “{% endif %}” belongs to no “{% if … %}”."),
        ("{% else %}", "Line 1: “{% else %}” belongs to no “{% if … %}”."),
        ("{% if name %}{% else %}{% else %}{% endif %}", "Line 1: “{% else %}” belongs to no “{% if … %}”."),
        ("{% for x in name %}", "Line 1: “for x in name” is not known here; there are if, else and endif."),
        ("{% include 'secrets' %}", "Line 1: “include 'secrets'” is not known here; there are if, else and endif."),
        ("{{ name.__class__ }}", "Line 1: “name.__class__” is no variable; only its name stands between the braces."),
        ("{{ name|upper }}", "Line 1: “name|upper” is no variable; only its name stands between the braces."),
        ("{{ 7 * 7 }}", "Line 1: “7 * 7” is no variable; only its name stands between the braces."),
        ("{{ settings }}", "Line 1: this message has no variable “settings”."),
        ("x" * (LONGEST + 1), "A template has at most 20000 characters."),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(source, sentence):
    with pytest.raises(TemplateRefused) as refusal:
        read(source, known=VALUES.keys())

    assert str(refusal.value) == sentence


def test_ifs_within_each_other_have_an_end():
    nested = "{% if name %}" * (DEEPEST + 1) + "{% endif %}" * (DEEPEST + 1)

    with pytest.raises(TemplateRefused, match="too many ifs"):
        read(nested, known=VALUES.keys())


def test_the_largest_template_is_read_at_once():
    source = "{{ name }}" * (LONGEST // 10)

    assert len(read(source, known={"name"})) == LONGEST // 10


@pytest.mark.parametrize("hostile", ["[", "**", "{{", "{%", "[x](", "\n ", "# ", "**a"])
def test_no_text_takes_long(hostile):
    source = (hostile * LONGEST)[:LONGEST]
    began = perf_counter()

    parts_of(source, {})
    with suppress(TemplateRefused):
        read(source, known=set())

    assert perf_counter() - began < 2  # a tenth of a second here; by the square of its length it would be minutes


def test_a_template_is_made_of_parts():
    assert parts("# Hello {{ name }}\n\nOne **bold** word,\ntwo lines.\n\n{{ table }}\n\n[See it]({{ link }})") == (
        Heading("Hello Ada"),
        Paragraph(((Span("One "), Span("bold", is_bold=True), Span(" word,")), (Span("two lines."),))),
        Table((Row("Total", "£5"),)),
        Button("See it", "https://shop.example/o/1/"),
    )


def test_whole_parts_break_the_paragraph_that_they_stand_in():
    assert parts("before {{ table }} behind") == (
        Paragraph(((Span("before"),),)),
        Table((Row("Total", "£5"),)),
        Paragraph(((Span("behind"),),)),
    )


@pytest.mark.parametrize(
    "value", ["**bold**", "[x](https://evil.example/)", "# Heading", "{{ link }}", "{% if name %}"]
)
def test_what_a_value_holds_is_never_taken_for_markup(value):
    assert parts("{{ name }}", name=value) == (Paragraph(((Span(value),),)),)


@pytest.mark.parametrize(
    "target", ["javascript:alert`1`", "data:text/html,x", "//evil.example", "{{ name }}", "ftp://x"]
)
def test_what_is_no_address_of_the_web_is_no_link(target):
    assert parts(f"[Press]({target})") == (Paragraph(((Span("Press"),),)),)


def test_a_value_within_an_address_cannot_leave_its_place():
    (part,) = parts("[Rate us](https://rate.example/?order={{ name }})", name="1&admin=1 /x")

    assert part == Button("Rate us", "https://rate.example/?order=1%26admin%3D1%20%2Fx")


def test_a_subject_is_one_line():
    assert words_of(MARK.format("name") + "\n here", {"name": "A\r\nBcc: b"}) == "A Bcc: b here"


def test_paragraphs_in_which_nothing_is_said_are_left_out():
    assert parts("{{ empty }}\n\n \n\n**{{ name }}**") == (Paragraph(((Span("Ada", is_bold=True),),)),)
