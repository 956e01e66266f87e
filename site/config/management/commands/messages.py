from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from config import messages


class Command(BaseCommand):
    help = "Collects the texts to translate into each language's file below locale/, and compiles what is translated."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.LOCALE_PATHS[0]
        languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        for language, missing in messages.update(settings.PROJECT, folder, languages).items():
            self.stdout.write(f"{language}: {missing or 'no'} texts without a translation")
        messages.compile_stale([folder])
