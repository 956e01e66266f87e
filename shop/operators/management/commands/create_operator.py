from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.core.validators import validate_email

from shop.accounts.actions import password_path
from shop.operators.actions import create_operator
from shop.stores.addresses import origin_at
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope


class Command(BaseCommand):
    help = "Lets somebody operate the platform, and prints the link by which they choose their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        validate_email(options["email"])
        operator = create_operator(options["email"])
        with merchant_scope(PLATFORM_MERCHANT_ID):
            path = password_path(operator)
        self.stdout.write(f"{operator.email} chooses a password here, once, within three days:")
        self.stdout.write(f"{origin_at(settings.PLATFORM_HOST)}{path}")
