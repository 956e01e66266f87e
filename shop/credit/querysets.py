from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from shop.accounts.models import User
from shop.companies.models import Company


class CreditAccountQuerySet(models.QuerySet):
    def gift_cards(self) -> "CreditAccountQuerySet":
        return self.filter(kind="gift_card")

    def store_credit(self) -> "CreditAccountQuerySet":
        return self.filter(kind="store_credit")

    def of_payer(self, buyer: User | None, company: Company | None) -> "CreditAccountQuerySet":
        """The store credit of a company, or of who buys for themselves; nobody's for a guest."""
        if company:
            return self.store_credit().filter(company=company)
        return self.store_credit().filter(buyer=buyer) if buyer else self.none()

    def with_balance(self) -> "CreditAccountQuerySet":
        """Each with `balance`, the sum of its entries."""
        return self.annotate(balance=Coalesce(Sum("entries__amount"), Value(Decimal("0.00"))))

    def matching(self, said: str) -> "CreditAccountQuerySet":
        """By the end of a code, a note, a person or a company."""
        meant = Q(hint__iexact=said[-4:]) | Q(note__icontains=said) | Q(buyer__email__icontains=said)
        return self.filter(meant | Q(company__name__icontains=said) | Q(company__code__iexact=said))
