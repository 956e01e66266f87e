from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connection

from shop.stores import tenancy
from shop.stores.actions import found_platform
from shop.stores.migrating import hurried
from shop.stores.roles import owner_connection
from shop.versions import plan


class Command(migrate.Command):
    help = "Migrates as the owner of the tables, then makes the database as the tenancy plan has it."

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Without the checks of the database: what they miss is what this command brings."""
        return {**super().get_check_kwargs(options), "databases": []}

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_connection():
            with hurried():
                super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            statements = tenancy.apply(connection)
            plan.apply(connection)
            found_platform()
        for config in apps.get_app_configs():  # as the application's own role, which sees one merchant at a time
            if bring_rows_in_line := getattr(config, "after_migrate", None):
                bring_rows_in_line()
        if options["verbosity"]:
            self.stdout.write(f"Tenancy: {statements} statements." if statements else "Tenancy: as planned.")
