"""What companies call the merchant's products."""

from django.db import transaction

from shop.accounts.models import User
from shop.audit.actions import record
from shop.catalogue.models import Product

from ..errors import PartNumberTaken
from ..models import Company, PartNumber


@transaction.atomic
def set_part_number(company: Company, product: Product, number: str, *, by: User | None) -> PartNumber:
    """Let the company call a product so; a product may have several numbers. Raises `PartNumberTaken`."""
    row, is_new = PartNumber.objects.get_or_create(
        company=company, number=number.strip(), defaults={"product": product}
    )
    if row.product_id != product.pk:
        raise PartNumberTaken(row.number)
    if is_new:
        record("company.part_number_set", by=by, target=company, number=row.number, product=product.upc)
    return row


@transaction.atomic
def remove_part_number(row: PartNumber, *, by: User) -> None:
    record("company.part_number_removed", by=by, target=row.company, number=row.number)
    row.delete()
