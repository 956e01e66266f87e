"""Django's migrations in less than half their time, with the same database at their end (docs/adr/0028).

Most of a first start went into models that Django builds for a moment in each of a thousand operations: with every
model that is related to the changed one by any way, which is nearly all, since everything belongs to a merchant.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db.migrations.state import ProjectState

OBJECTS_BETWEEN_COLLECTIONS = 500_000
"""A model is garbage in circles, and there is half a million of living objects to look through for it."""


@contextmanager
def hurried() -> Iterator[None]:
    """Meanwhile an operation builds the changed model and its neighbours, and all others when somebody asks for models.

    So Django does by itself where what changes is no relation (`delay`), and it builds all before it calls a function
    of a migration. What alters tables looks no further than a neighbour's key.
    """
    reload_model, thresholds = ProjectState.reload_model, gc.get_threshold()

    def reload_neighbours(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        reload_model(state, app_label, model_name, delay=True)

    ProjectState.reload_model = reload_neighbours
    # Answers of the installed models, which would be forgotten with each model that is built for a moment.
    apps.get_swappable_settings_name = cache(type(apps).get_swappable_settings_name.__wrapped__.__get__(apps))
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        del apps.get_swappable_settings_name
        ProjectState.reload_model = reload_model
