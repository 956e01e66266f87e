"""The texts to translate: collected from the code and both kinds of templates, and compiled, by Babel alone.

One catalogue per language, `locale/<language>/LC_MESSAGES/django.po`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import gettext_noop as _
from django.utils.translation.template import templatize

LINE_LENGTH = 120
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA2_TEMPLATES = "themes/**/templates/**.*"
OPTIONS = {
    JINJA2_TEMPLATES: {
        "extensions": "jinja2.ext.i18n, wagtail.jinja2tags.core, wagtail.images.jinja2tags.images",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
}
METHODS = [
    (JINJA2_TEMPLATES, "jinja2.ext:babel_extract"),
    ("**/templates/**.*", "config.messages:extract_django_template"),
    ("**.py", "python"),
]
FOLDERS = ("shop", "cms_pages", "site", "themes")
DJANGOS_OWN = (
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
)
"""Texts of Django's that REST framework, whose words would come before Django's, says as to a friend in German."""


def extract_django_template(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Babel's extractor for Django's template language, which Django itself turns into lines with gettext calls."""
    source = templatize(file.read().decode())
    lines = "\n".join(line.strip() for line in source.split("\n"))  # indented, they would not be Python
    return extract_python(BytesIO(lines.encode()), keywords, comment_tags, {})


def collect(project: Path) -> Catalog:
    """Every text of the project, in a catalogue without translations."""
    catalog = Catalog(domain="django", project="Stoa", charset="utf-8")

    def is_ours(path: str) -> bool:
        return Path(path).relative_to(project).parts[0] in FOLDERS and Path(path).name not in ("static", "migrations")

    found = extract_from_dir(
        project, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True, directory_filter=is_ours
    )
    for name, _line, text, comments, context in found:  # without line numbers, which would change with every edit
        catalog.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def update(project: Path, folder: Path, languages: Iterable[str]) -> dict[str, int]:
    """Bring each language's catalogue in `folder` up to the project's texts; how many texts each lacks."""
    template = collect(project)
    missing = {}
    for language in languages:
        path = folder / language / "LC_MESSAGES" / "django.po"
        catalog = _read(path) if path.exists() else Catalog(locale=language, domain="django", charset="utf-8")
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=LINE_LENGTH, omit_header=False, ignore_obsolete=True, include_lineno=False)
        missing[language] = sum(1 for message in catalog if message.id and not _is_translated(message))
    return missing


def compile_stale(folders: Iterable[Path]) -> int:
    """Compile the catalogues that changed since they last were; how many did."""
    count = 0
    for source in (path for folder in folders for path in sorted(folder.glob("*/LC_MESSAGES/*.po"))):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            write_mo(file, _read(source))
        unfinished.rename(target)
        count += 1
    return count


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="django", abort_invalid=True)


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (list, tuple)) else bool(message.string)
