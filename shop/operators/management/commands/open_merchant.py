from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from shop.accounts.actions import password_path
from shop.accounts.models import User
from shop.operators.actions import open_merchant_with_store
from shop.operators.errors import MerchantTaken
from shop.operators.forms import MerchantForm
from shop.stores.addresses import origin_at
from shop.stores.errors import HostTaken
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope


class Command(BaseCommand):
    help = "Opens a merchant with its first store, and prints the link by which the owner chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the merchant's short name")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", required=True, metavar="EMAIL", dest="owner_email")
        parser.add_argument("--host", required=True, help="the first store's host name")
        parser.add_argument("--store-name", help="the merchant's unless said")
        parser.add_argument("--store-slug", help="the merchant's unless said")
        parser.add_argument("--theme", default="base")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)
        parser.add_argument("--currency", default="GBP")
        parser.add_argument("--tax-display", default="incl", choices=["incl", "excl"])
        parser.add_argument("--tax-percent", default="0")

    def handle(self, *args: Any, **options: Any) -> None:
        options["store_name"] = options["store_name"] or options["name"]
        options["store_slug"] = options["store_slug"] or options["slug"]
        form = MerchantForm(options)
        if not form.is_valid():
            raise CommandError("; ".join(f"{name}: {' '.join(errors)}" for name, errors in form.errors.items()))
        try:
            with merchant_scope(PLATFORM_MERCHANT_ID):
                merchant = open_merchant_with_store(form.new_merchant(), by=None)
        except (MerchantTaken, HostTaken) as refusal:
            raise CommandError(str(refusal)) from refusal
        with merchant_scope(merchant.pk):
            path = password_path(User.objects.get())
        self.stdout.write(f"{merchant.name} is open. Its owner chooses a password here, once, within three days:")
        self.stdout.write(f"{origin_at(options['host'])}{path}")
