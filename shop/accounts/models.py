"""Who signs in. An account belongs to one merchant: the same address may be somebody else's with another."""

from django.conf import settings
from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractUser
from oscar.apps.customer.abstract_models import UserManager as OscarUserManager

from shop.stores.fields import LowercaseEmailField, MerchantOwned


class UserManager(OscarUserManager):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The whole address in lower case, without blanks around it."""
        return BaseUserManager.normalize_email(email).strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractUser, MerchantOwned):
    """A shopper, a buyer, a member of staff or an operator, of one merchant."""

    email = LowercaseEmailField(_("email address"), unique=True)
    stands_for_operator = models.BooleanField(
        default=False, editable=False, help_text=_("Made for an operator's visits: nobody signs in with it.")
    )
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How often every session of the account was ended at once.")
    )

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        abstract = False
        permissions = [("see_customers", "Can see customers"), ("manage_customers", "Can manage customers")]
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_is_lower_case")]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password, and when `sessions_ended` moves on."""
        of_password = super()._get_session_auth_hash(secret=secret)
        return salted_hmac(of_password, str(self.sessions_ended), secret=secret, algorithm="sha256").hexdigest()


class Attempts(MerchantOwned):
    """How often something was tried of late by one subject: see `throttle`."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64, help_text=_("A digest: the table lists nobody's address."))
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    free_at = models.DateTimeField(help_text=_("Until then nothing more may be tried."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="accounts_attempts_of_a_subject")]
        default_permissions = ()
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject[:8]}: {self.count}"


class RecoveryCode(MerchantOwned):
    """One way in without the second factor's device; gone once used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"A recovery code of {self.user}"
