from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from shop.stores.querysets import all_merchants
from shop.stores.scope import merchant_scope


class Command(BaseCommand):
    help = "Runs a command that knows nothing of merchants in the scope of one, or of each in turn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="in the scope of each merchant in turn")
        parser.add_argument("words", nargs=REMAINDER, metavar="[SLUG] COMMAND ...")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, command = (None, options["words"]) if options["all"] else (options["words"][:1], options["words"][1:])
        if not command:
            raise CommandError("Say whose rows and which command: in_merchant SLUG COMMAND ..., or --all COMMAND ...")
        merchants = all_merchants()
        if slug:
            merchants = [merchant for merchant in merchants if merchant.slug == slug[0]]
            if not merchants:
                raise CommandError(f"No merchant is called {slug[0]!r}.")
        for merchant in merchants:
            with merchant_scope(merchant.pk):
                call_command(*command, stdout=self.stdout, stderr=self.stderr)
