"""What products hang in: the merchant's categories, product types and their attributes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import ValidationError
from oscar.apps.catalogue.product_attributes import ProductAttributesContainer
from oscar.core.loading import get_model

from .attributes import Attribute
from .errors import FileRefused
from .rows import CategoryPath

Category = get_model("catalogue", "Category")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductClass = get_model("catalogue", "ProductClass")

Name = TypeVar("Name", str, CategoryPath)


@dataclass(slots=True)
class Frame:
    """The frame as it stands, by id and by name. Names are compared in small letters, so all of them are folded."""

    categories: dict[CategoryPath, int] = field(default_factory=dict)
    paths: dict[int, CategoryPath] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    attributes: dict[tuple[str, str], Attribute] = field(default_factory=dict)

    def attribute(self, type_name: str, code: str) -> Attribute:
        """The attribute of a product type; one that is yet to be made holds text."""
        return self.attributes.get((type_name.casefold(), code.casefold()), Attribute(None))


@dataclass(frozen=True, slots=True)
class Missing:
    """What a file names and the catalogue doesn't have, to be made by an import."""

    categories: tuple[CategoryPath, ...] = ()
    types: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


def folded(path: CategoryPath) -> CategoryPath:
    return tuple(name.casefold() for name in path)


def check_codes(codes: Iterable[str]) -> None:
    """Raises FileRefused for an attribute's code that the catalogue can't have."""
    code_field = ProductAttribute._meta.get_field("code")
    for code in codes:
        try:
            code_field.run_validators(code)
        except ValidationError as error:
            raise FileRefused(f"{code} can't be the code of an attribute: {error.messages[0]}") from error
        if code in ProductAttributesContainer.RESERVED_ATTRIBUTES:
            raise FileRefused(f"{code} can't be the code of an attribute: the word is reserved")


def load_frame() -> Frame:
    """The frame of the current merchant, in four queries."""
    types = {pk: name.casefold() for pk, name in ProductClass.objects.order_by("pk").values_list("pk", "name")}
    paths = _paths()
    return Frame(_first(paths), paths, _first(types), _attributes(types))


def missing_from(
    frame: Frame,
    *,
    categories: Iterable[CategoryPath],
    types: Iterable[str],
    attributes: Iterable[tuple[str, str]],
) -> Missing:
    """What of these the frame hasn't got: a category after its ancestors, each thing once and as it is spelt first."""
    new_paths: dict[CategoryPath, CategoryPath] = {}
    for path in categories:
        for ancestor in (path[:depth] for depth in range(1, len(path) + 1)):
            if folded(ancestor) not in frame.categories:
                new_paths.setdefault(folded(ancestor), ancestor)
    new_types: dict[str, str] = {}
    for name in types:
        if name.casefold() not in frame.types:
            new_types.setdefault(name.casefold(), name)
    new_attributes: dict[tuple[str, str], tuple[str, str]] = {}
    for type_name, code in attributes:
        if (type_name.casefold(), code) not in frame.attributes:
            new_attributes.setdefault((type_name.casefold(), code), (type_name, code))
    return Missing(tuple(new_paths.values()), tuple(new_types.values()), tuple(new_attributes.values()))


def _paths() -> dict[int, CategoryPath]:
    names: dict[str, str] = {}
    paths: dict[int, CategoryPath] = {}
    for pk, path, name in Category.objects.order_by("path").values_list("pk", "path", "name"):
        names[path] = name.casefold()
        steps = range(Category.steplen, len(path) + 1, Category.steplen)
        paths[pk] = tuple(names[path[:step]] for step in steps)
    return paths


def _first(names: dict[int, Name]) -> dict[Name, int]:
    """Ids by name; of two that are called the same the first."""
    return {name: pk for pk, name in reversed(names.items())}


def _attributes(types: dict[int, str]) -> dict[tuple[str, str], Attribute]:
    options: defaultdict[int | None, dict[str, int]] = defaultdict(dict)
    groups = ProductAttribute.objects.filter(type=ProductAttribute.OPTION)
    rows = groups.values_list("pk", "option_group__options__option", "option_group__options__pk")
    for pk, option, option_pk in rows.order_by("option_group__options__pk"):
        if option is not None:
            options[pk].setdefault(option.casefold(), option_pk)
    return {
        (types[class_pk], code.casefold()): Attribute(pk, kind, options[pk])
        for pk, class_pk, code, kind in ProductAttribute.objects.values_list("pk", "product_class", "code", "type")
        if class_pk is not None
    }
