from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope


class Command(BaseCommand):
    help = "Runs a command that knows nothing of merchants in the scope of one, or of each in turn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="in the scope of each merchant in turn")
        parser.add_argument("words", nargs=REMAINDER, metavar="[SLUG] COMMAND ...")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, *command = (None, *options["words"]) if options["all"] else options["words"] or (None,)
        if not command:
            raise CommandError("Say whose rows and which command: in_merchant SLUG COMMAND ..., or --all COMMAND ...")
        for merchant in merchants(slug):
            with merchant_scope(merchant.pk):
                call_command(*command, stdout=self.stdout, stderr=self.stderr)
