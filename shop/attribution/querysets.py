from django.db import models


class AffiliateQuerySet(models.QuerySet):
    def credited(self) -> "AffiliateQuerySet":
        """Those whom new orders are credited to."""
        return self.filter(is_active=True)
