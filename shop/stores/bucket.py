"""Uploaded files in an S3 bucket, each merchant's below a prefix of its own."""

from typing import Any

from botocore.config import Config
from django.conf import settings
from storages.backends.s3 import S3Storage

from .storage import own_name


class MerchantBucket(S3Storage):
    """As `MerchantStorage`. Without a public address of the bucket, files are served by us at MEDIA_URL."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            request_checksum_calculation="when_required",  # few servers that speak S3 know Amazon's newer checksums
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
        )
        super().__init__(client_config=config, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return super().get_available_name(own_name(name), max_length=max_length)

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        if self.custom_domain:
            return super().url(name, *args, **options)
        return f"{settings.MEDIA_URL}{own_name(name or '')}"

    def _normalize_name(self, name: str) -> str:
        """Every operation asks here for the key in the bucket."""
        return super()._normalize_name(own_name(name))
