"""Which engine for the shopper's side? 24 product cards, and a whole page around them, in both of Django's backends.

    python bench/templates.py [rounds]

The templates stand in bench/cards/. Both engines get the same objects and must give the same HTML (white space and
CSRF masks aside), or nothing is timed. Prints a Markdown table. Needs no database and no project settings.
The decision it led to: docs/adr/0002.
"""

import datetime
import gc
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import babel.numbers
import django
import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Library, engines
from django.template.defaultfilters import slugify
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import activate, get_language, gettext, ngettext, to_locale

TEMPLATES = Path(__file__).parent / "cards"
CARDS = 24
WIDTHS = (300, 600, 900)


@dataclass(frozen=True)
class Picture:
    """A picture that is stored in several widths."""

    name: str
    alt: str

    def url(self, width: int) -> str:
        return f"/media/renditions/{self.name}.{width}.webp"

    @property
    def src(self) -> str:
        return self.url(600)

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url(width)} {width}w" for width in WIDTHS)


@dataclass(frozen=True)
class Product:
    """What a card shows of a product; the method is Oscar's, the rest stands for loaded columns."""

    pk: int
    title: str
    upc: str
    picture: Picture
    excl_tax: Decimal
    incl_tax: Decimal
    currency: str
    badge: str
    is_available: bool
    num_reviews: int

    def get_absolute_url(self) -> str:
        return reverse("detail", kwargs={"product_slug": slugify(self.title), "pk": self.pk})


@dataclass(frozen=True)
class Category:
    """An entry of the main menu."""

    name: str
    slug: str
    children: tuple["Category", ...] = ()


def products() -> list[Product]:
    """24 products; some with a badge, some sold out, one whose title needs escaping."""
    return [
        Product(
            pk=1000 + i,
            title=f"Aroma diffuser “Säntis” & stand, size {i}",
            upc=f"AUR-{i:05d}",
            picture=Picture(name=f"products/diffuser-{i}", alt=f"Diffuser number {i}"),
            excl_tax=Decimal(i * 37 + 1190) / 100,
            incl_tax=Decimal(i * 44 + 1428) / 100,
            currency="EUR",
            badge="Neu" if i % 5 == 0 else "",
            is_available=i % 7 != 0,
            num_reviews=i % 4,
        )
        for i in range(CARDS)
    ]


def menu() -> list[Category]:
    """Seven categories of six children each: the size of a real shop's main menu."""
    return [
        Category(
            f"Department {i}", f"department-{i}", tuple(Category(f"Shelf {k}", f"shelf-{i}-{k}") for k in range(6))
        )
        for i in range(7)
    ]


def money(amount: Decimal, currency: str) -> str:
    """`amount` as the active language writes it."""
    return remembered_money(amount, currency, to_locale(get_language()))


@lru_cache(maxsize=4096)
def remembered_money(amount: Decimal, currency: str, locale: str) -> str:
    """`amount` as `locale` writes it, worked out by Babel the first time."""
    return babel.numbers.format_currency(amount, currency, locale=locale)


register = Library()
register.simple_tag(money)


def environment(**options: Any) -> jinja2.Environment:
    """The Jinja2 environment as the project builds it: newstyle gettext and a handful of globals."""
    env = jinja2.Environment(**options, extensions=["jinja2.ext.i18n"])
    env.install_gettext_callables(gettext, ngettext, newstyle=True)
    env.globals.update(url=lambda name, **kwargs: reverse(name, kwargs=kwargs), static=static, money=money)
    return env


def view(request: HttpRequest, **kwargs: Any) -> None:
    """Stands behind the URL patterns; never called."""


urlpatterns = [
    path("catalogue/<slug:product_slug>_<int:pk>/", view, name="detail"),
    path("catalogue/category/<slug:slug>/", view, name="category"),
    path("basket/add/<int:pk>/", view, name="add"),
    path("search/", view, name="search"),
]


def configure() -> None:
    """Django with nothing but the two engines."""
    settings.configure(
        ROOT_URLCONF=__name__,
        USE_I18N=True,
        LANGUAGE_CODE="de",
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "NAME": "django",
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [TEMPLATES / "django"],
                "OPTIONS": {"libraries": {"templates": __name__}},
            },
            {
                "NAME": "jinja2",
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [TEMPLATES / "jinja2"],
                "OPTIONS": {"environment": f"{__name__}.environment"},
            },
        ],
    )
    django.setup()
    activate("de")


def comparable(html: str) -> str:
    """`html` without what may differ between two correct answers: white space and the CSRF token's mask."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', 'name="csrfmiddlewaretoken"', html)
    return re.sub(r"\s+", "", html)


def measure(tasks: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each task in milliseconds; the tasks take turns, so that noise meets them alike."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for round_number in range(rounds + 20):
        for name, task in tasks.items():
            gc.collect(0)
            start = time.perf_counter()
            task()
            if round_number >= 20:  # the first rounds fill caches
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: (statistics.median(ms), statistics.quantiles(ms, n=20)[-1]) for name, ms in taken.items()}


def commit() -> str:
    """The commit that is measured; '+' says that the working copy differs from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=8"],
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def machine() -> str:
    """Processor and versions, for the line under the table."""
    try:
        with open("/proc/cpuinfo") as info:
            processor = next(line.split(":")[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    return f"{processor}, Python {platform.python_version()}, Django {django.__version__}, Jinja2 {jinja2.__version__}"


def main() -> None:
    """Compare, then time and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    configure()
    request = HttpRequest()
    shown = products()
    context = {"products": shown, "menu": menu(), "store": "Aurora & Co", "language": "de"}

    def render(engine: str, template: str) -> str:
        return engines[engine].get_template(template).render(dict(context), request)

    def mask_tokens() -> None:
        for _ in shown:
            get_token(request)

    def write_prices() -> None:
        remembered_money.cache_clear()
        for product in shown:
            money(product.incl_tax, product.currency)
            money(product.excl_tax, product.currency)

    for template in ("list.html", "page.html"):
        if comparable(render("django", template)) != comparable(render("jinja2", template)):
            sys.exit(f"{template}: the engines disagree")

    figures = measure(
        {
            f"{CARDS} cards, Django": lambda: render("django", "list.html"),
            f"{CARDS} cards, Jinja2": lambda: render("jinja2", "list.html"),
            "whole page, Django": lambda: render("django", "page.html"),
            "whole page, Jinja2": lambda: render("jinja2", "page.html"),
            f"Babel writing {2 * CARDS} prices that are not remembered": write_prices,
            f"{CARDS} CSRF tokens, one masked for each card": mask_tokens,
        },
        rounds=rounds,
    )
    print("| | median ms | p95 ms |\n|---|---:|---:|")
    for name, (median, p95) in figures.items():
        print(f"| {name} | {median:.2f} | {p95:.2f} |")
    print(f"\n{rounds} rounds on {datetime.date.today()}, commit {commit()}, {machine()}.")


if __name__ == "__main__":
    main()
