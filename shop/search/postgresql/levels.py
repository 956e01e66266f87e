"""The categories of a level of the tree: where they are few, statements are told them, and need not look for them."""

from typing import NamedTuple

from django.db import connection

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

FEW = 200
MOST_REMEMBERED = 500
STATEMENT = """
SELECT id, name, slug FROM catalogue_category WHERE depth = %(level)s ORDER BY path LIMIT %(most)s
"""


class Level(NamedTuple):
    """In the order of the tree; of many nothing but that is known."""

    ids: list[int]
    named: dict[int, tuple[str, str]]
    """Names and slugs."""
    are_few: bool


MANY = Level([], {}, are_few=False)


def level_of(number: int) -> Level:
    """1 are the roots. It is not worth while to ask for what is not remembered."""
    return _level(required_merchant_id(), number) if is_remembering() else MANY


@remembered(lambda merchant_id, number: (pages_of(merchant_id),), most=MOST_REMEMBERED)
def _level(merchant_id: int, number: int) -> Level:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"level": number, "most": FEW + 1})
        rows = cursor.fetchall()
    if len(rows) > FEW:
        return MANY
    return Level([pk for pk, *_ in rows], {pk: (name, slug) for pk, name, slug in rows}, are_few=True)
