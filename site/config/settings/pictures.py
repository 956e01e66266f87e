"""What may come in as a picture. Each of these is refused with words; `shop.pictures.cleaning` says which."""

PICTURE_MOST_BYTES = 20 * 1024 * 1024  # what cameras of 50 megapixels write as JPEG; a catalogue is no archive
PICTURE_MOST_PIXELS = 50_000_000  # opened, each takes four bytes of a web worker's memory, however small the file is
PICTURE_LONGEST_SIDE = 16_000  # WebP knows no more than 16,383, and a line of 50,000,000 by 1 is no picture
