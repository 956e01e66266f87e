import pytest

from cms_pages.colours import AA_TEXT, Colour, Palette, contrast


def hex_palette(brand: str, paper: str = "#fbfaf6", ink: str = "#1b2521") -> Palette:
    return Palette(Colour.from_hex(brand), Colour.from_hex(paper), Colour.from_hex(ink))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#1f5d4c", "#1f5d4c", 1.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(Colour.from_hex(one), Colour.from_hex(other)) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("value", ["", "#fff", "red", "#12345g", "#1234567", "1f5d4c", "#1f5d4c;}"])
def test_what_is_no_colour_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        Colour.from_hex(value)


@pytest.mark.parametrize("brand", ["#1f5d4c", "#ffee00", "#ff8800", "#00bcd4", "#e91e63", "#888888", "#000000"])
def test_on_light_paper_any_brand_can_be_read(brand: str) -> None:
    assert hex_palette(brand).weakest_brand() >= AA_TEXT


def test_a_light_brand_carries_dark_text_and_a_dark_one_white() -> None:
    assert hex_palette("#ffee00").on_brand.lightness < 0.2
    assert hex_palette("#1f5d4c").on_brand.lightness == 1


def test_grey_on_grey_cannot_be_read() -> None:
    assert hex_palette("#1f5d4c", "#cccccc", "#888888").weakest_text() < AA_TEXT


def test_text_that_can_be_read_may_be_too_weak_once_it_is_softened() -> None:
    palette = hex_palette("#1f5d4c", "#ffffff", "#707070")

    assert contrast(palette.ink, palette.paper) > AA_TEXT > palette.weakest_text()


def test_a_brand_is_not_readable_on_dark_paper() -> None:
    assert hex_palette("#1f5d4c", "#101010", "#f0f0f0").weakest_brand() < AA_TEXT
