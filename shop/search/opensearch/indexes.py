"""An index for each merchant, behind a name that stays: what is in it, and how its words are taken.

https://docs.opensearch.org/latest/field-types/
"""

import time
from typing import Any

from shop.stores.scope import required_merchant_id

from ..criteria import MOST_COUNTED

STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""As `search_config` of the database; other languages are taken as they are written."""

PLAIN = "plain"


def alias() -> str:
    """By which the running merchant's index is asked. Raises `NoScope`."""
    return f"stoa-{required_merchant_id()}"


def new_name() -> str:
    return f"{alias()}-{time.time_ns()}"


def texts_of(language: str) -> str:
    """The field under which texts in this language stand."""
    short = language.partition("-")[0]
    return f"texts.{short if short in STEMMERS else PLAIN}"


def settings_and_mappings() -> dict[str, Any]:
    folded = ["lowercase", "asciifolding"]
    analyzers = {PLAIN: {"type": "custom", "tokenizer": "standard", "filter": folded}}
    for language in STEMMERS:
        analyzers[language] = {"type": "custom", "tokenizer": "standard", "filter": [*folded, f"stem_{language}"]}
    texts = [
        {language: {"path_match": f"texts.{language}.*", "mapping": {"type": "text", "analyzer": language}}}
        for language in analyzers
    ]
    stemmers = {f"stem_{language}": {"type": "stemmer", "language": name} for language, name in STEMMERS.items()}
    return {
        "settings": {
            "index": {"max_result_window": MOST_COUNTED + 100},  # pages go up to what was counted
            "analysis": {"analyzer": analyzers, "filter": stemmers},
        },
        "mappings": {"dynamic_templates": texts, "properties": PROPERTIES},
    }


MONEY = {"type": "scaled_float", "scaling_factor": 10_000}
PROPERTIES = {
    "store_id": {"type": "long"},
    "product_id": {"type": "long"},
    "class_id": {"type": "long"},
    "category_ids": {"type": "long"},
    "categories": {"type": "keyword"},  # each behind its level, so that a facet offers one level
    "sort_title": {"type": "keyword"},
    "price": MONEY,
    "net": MONEY,
    "is_in_stock": {"type": "boolean"},
    "listed_at": {"type": "date"},
    "popularity": {"type": "byte"},
    "push": {"type": "float"},  # by what can be had and what is popular, as PostgreSQL's rank
}
