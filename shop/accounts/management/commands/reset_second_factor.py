from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from shop.accounts import second_factor
from shop.accounts.models import User
from shop.stores.errors import UnknownMerchant
from shop.stores.querysets import merchant_named
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope


class Command(BaseCommand):
    help = "Lets somebody who lost telephone and recovery codes in by password alone: an owner, or an operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="the merchant's short name, or `platform`")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            slug = options["merchant"]
            merchant_id = PLATFORM_MERCHANT_ID if slug == "platform" else merchant_named(slug).pk
        except UnknownMerchant as error:
            raise CommandError(str(error)) from error
        with merchant_scope(merchant_id):
            user = User.objects.filter(email=User.objects.normalize_email(options["email"])).first()
            if user is None:
                raise CommandError(f"Nobody there has the address {options['email']}.")
            second_factor.switch_off(user, by=None)
        self.stdout.write(f"{user.email} signs in by password alone.")
