"""Who buys as a business: companies of a merchant, their people, and how both come to be."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress

from shop.address.display import ShownAddress
from shop.stores.fields import LowercaseEmailField, MerchantOwned
from shop.stores.models import TaxDisplay

from .querysets import (
    ApplicationQuerySet,
    CompanyAddressQuerySet,
    CompanyQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
)
from .roles import MemberRole


class CustomerGroup(MerchantOwned):
    """Companies that are treated alike: resellers, schools, the public sector."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    code = models.SlugField(_("short name"), max_length=50, unique=True, help_text=_("Names the group in files."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")

    def __str__(self) -> str:
        return self.name


class CompanyStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


class Company(MerchantOwned):
    """A business that buys, in every store of the merchant. It is never deleted: its orders stay; it is suspended."""

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("customer number"), max_length=30, unique=True)
    group = models.ForeignKey(
        CustomerGroup,
        verbose_name=_("customer group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CompanyStatus.choices, default=CompanyStatus.ACTIVE, editable=False
    )
    tax_id = models.CharField(_("tax number"), max_length=30, blank=True)
    is_tax_exempt = models.BooleanField(_("exempt from tax"), default=False)
    exemption_reference = models.CharField(
        _("proof of exemption"), max_length=100, blank=True, help_text=_("The certificate that says so.")
    )
    tax_display = models.CharField(
        _("prices are shown"),
        max_length=4,
        blank=True,
        choices=[("", _("as the store shows them")), *TaxDisplay.choices],
    )
    terms_days = models.PositiveSmallIntegerField(
        _("payment term"),
        null=True,
        blank=True,
        help_text=_("In days, on invoice. Empty: the company does not pay on invoice."),
    )
    sales_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sales person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Looks after the company: its orders are credited to them."),
    )
    credit_limit = models.DecimalField(
        _("credit limit"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What it may owe on invoice altogether. Empty: no limit."),
    )
    credit_currency = models.CharField(_("currency of the limit"), max_length=3, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("For staff: the company does not see it."))
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="companies_limit_has_currency",
                condition=models.Q(credit_limit=None) | ~models.Q(credit_currency=""),
                violation_error_message=_("A credit limit has a currency, such as EUR."),
            )
        ]
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == CompanyStatus.ACTIVE


class Unit(MerchantOwned):
    """A part of a company: a branch, a department, a site. Those without a parent stand right below the company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="companies_unit_name")]

    def __str__(self) -> str:
        return self.name


class Membership(MerchantOwned):
    """That somebody buys for a company, or looks on. One who has left is switched off, so that the trail keeps it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="company_memberships")
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.BUYER)
    is_active = models.BooleanField(_("active"), default=True)
    last_used_at = models.DateTimeField(
        _("last bought for"), null=True, editable=False, help_text=_("When this person last chose to buy for it.")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__email"]
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="companies_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def rights(self) -> MemberRole:
        """The role as what it may do."""
        return MemberRole(self.role)


class CompanyAddress(ShownAddress, AbstractShippingAddress, MerchantOwned):
    """Where a unit is delivered to, or gets its invoices. Of a unit, since that is who is there to receive them."""

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="addresses")
    is_default_for_shipping = models.BooleanField(_("usual delivery address"), default=False)
    is_default_for_billing = models.BooleanField(_("usual invoice address"), default=False)

    objects = CompanyAddressQuerySet.as_manager()

    class Meta:
        ordering = ["unit__name", "pk"]
        verbose_name = _("company address")
        verbose_name_plural = _("company addresses")


class PartNumber(MerchantOwned):
    """What a company calls a product in its own books."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="part_numbers")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="part_numbers")
    number = models.CharField(_("part number"), max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="companies_part_number_once")]
        verbose_name = _("part number")
        verbose_name_plural = _("part numbers")

    def __str__(self) -> str:
        return self.number


class Invitation(MerchantOwned):
    """A letter that lets whoever reads this address's mail join a company, once. Of its link only a digest is kept."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    email = LowercaseEmailField(_("email address"))
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.BUYER)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(accepted_at=None),
                name="companies_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class ApplicationStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Application(MerchantOwned):
    """Somebody asks, in a store, for their business to be a customer."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="applications")
    company_name = models.CharField(_("company"), max_length=200)
    tax_id = models.CharField(_("tax number"), max_length=30, blank=True)
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    email = LowercaseEmailField(_("email address"))
    phone_number = models.CharField(_("phone number"), max_length=30, blank=True)
    street = models.CharField(_("street and number"), max_length=255)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    town = models.CharField(_("town"), max_length=100)
    country = models.ForeignKey(
        "address.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    message = models.TextField(_("message"), blank=True, max_length=2000)
    consented_at = models.DateTimeField(_("agreed to the use of these data"))
    applied_at = models.DateTimeField(_("received"), auto_now_add=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ApplicationStatus.choices, default=ApplicationStatus.PENDING
    )
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="applications")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["applied_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(status="pending"), name="companies_one_pending_application"
            )
        ]
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return self.company_name
