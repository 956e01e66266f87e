from datetime import date

from django.db import models


class AuditEntryQuerySet(models.QuerySet):
    def matching(
        self, *, action: str = "", who: str = "", since: date | None = None, until: date | None = None
    ) -> "AuditEntryQuerySet":
        """Entries of this kind of action (`staff`, or `staff.role_granted`), by this person, of these days."""
        entries = self
        if action:
            entries = entries.filter(models.Q(action=action) | models.Q(action__startswith=f"{action}."))
        if who:
            entries = entries.filter(actor_label=who)
        if since:
            entries = entries.filter(at__date__gte=since)
        if until:
            entries = entries.filter(at__date__lte=until)
        return entries
