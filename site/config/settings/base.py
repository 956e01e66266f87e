"""What every way of running Stoa has in common; what differs by machine comes from the environment."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403 - Oscar reads its defaults from the settings
from whitenoise.compress import Compressor

from config import environment, logs
from config.settings import api, policies
from config.settings.api import *  # noqa: F403
from config.settings.content import *  # noqa: F403
from config.settings.pictures import *  # noqa: F403
from config.templating import Unknown
from shop.dashboard.navigation import NAVIGATION

PROJECT = Path(__file__).resolve().parents[3]
VAR = PROJECT / "var"
ENVIRONMENT = environment.read(production=os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production"))

SECRET_KEY = ENVIRONMENT.secret_key
SEALING_KEYS = ENVIRONMENT.sealing_keys
DEBUG = False
LOGGING = logs.settings_for(ENVIRONMENT.log_format, ENVIRONMENT.log_level)

# Which hosts are answered is in the database (`shop.stores.models.StoreHost`): an unknown one is an error page.
ALLOWED_HOSTS = ["*"]
PLATFORM_HOST = ENVIRONMENT.platform_host
PUBLIC_SCHEME = ENVIRONMENT.scheme
PUBLIC_PORT = ENVIRONMENT.port
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
OPERATORS_NEED_SECOND_FACTOR = False
STORE_FURNISHERS = ["cms_pages.furnishing.furnish_store"]  # called with each new store: shop apps know no pages

INSTALLED_APPS = [
    "config",
    "shop.versions",
    "shop.stores",
    "shop.accounts",
    "shop.listings",
    "shop.imports",
    "shop.audit",
    "shop.outbox",
    "shop.pictures",
    "shop.staff",
    "shop.operators",
    "shop.companies",
    "shop.attribution",
    "shop.viewing",
    "shop.currencies",
    "shop.pricing",
    "shop.pricefiles",
    "shop.costs",
    "shop.inventory",
    "shop.merchandising",
    "shop.rehearsal",
    "shop.payments",
    "shop.messages",
    "shop.fulfilment",
    "shop.statements",
    "shop.credit",
    "shop.payments.gateways",
    "shop.webhooks",
    "shop.recommendations",
    "shop.review",
    "shop.consent",
    "shop.pagecache",
    "shop.quickorder",
    "shop.requisitions",
    "shop.api",
    "cms_pages",
    "shop.prover",
    "fixtures",
    # Wagtail
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # Oscar
    "shop.dashboard.apps.DashboardConfig",  # its templates come before Oscar's
    "oscar.config.Shop",
    "shop.analytics.apps.AnalyticsConfig",
    "shop.checkout.apps.CheckoutConfig",
    "shop.address.apps.AddressConfig",
    "shop.shipping.apps.ShippingConfig",
    "shop.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "shop.communication.apps.CommunicationConfig",
    "shop.partner.apps.PartnerConfig",
    "shop.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "shop.offer.apps.OfferConfig",
    "shop.order.apps.OrderConfig",
    "shop.customer.apps.CustomerConfig",
    "shop.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "shop.dashboard.reports.apps.ReportsDashboardConfig",
    "shop.dashboard.users.apps.UsersDashboardConfig",
    "shop.dashboard.orders.apps.OrdersDashboardConfig",
    "shop.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "shop.dashboard.offers.apps.OffersDashboardConfig",
    "shop.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "shop.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "shop.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "shop.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "treebeard",
    "django_tables2",
    # Django and the rest
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",  # Oscar's dashboard looks it up; nobody writes pages with it
]

MIDDLEWARE = [
    "config.probes.ProbesMiddleware",
    "shop.pagecache.middleware.PageCacheMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policies.PolicyMiddleware",
    "shop.audit.origin.OriginMiddleware",
    "config.logs.RequestLogMiddleware",
    "shop.stores.middleware.TenancyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.accounts.middleware.PrivateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.accounts.middleware.SecondFactorMiddleware",
    "shop.viewing.middleware.ViewingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shop.operators.middleware.PlatformPolicyMiddleware",
    "shop.operators.middleware.VisitMiddleware",
    "shop.dashboard.middleware.DashboardMiddleware",
    "shop.staff.middleware.StaffSecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.stores.middleware.OpenStoreMiddleware",
    "shop.attribution.visits.VisitMiddleware",
    "shop.basket.middleware.BasketMiddleware",
    "cms_pages.middleware.EditorsReachMiddleware",
    "cms_pages.middleware.ScopedRedirectMiddleware",
    "config.metrics.MetricsMiddleware",
    "shop.pagecache.middleware.PageMakingMiddleware",
]
CSRF_FAILURE_VIEW = "shop.pagecache.views.ask_or_refuse"
METRICS_TOKEN = ENVIRONMENT.metrics_token
PROMETHEUS_LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# What answers at a closed store as well: its staff's doors and the way to them, and what gateways tell of old orders.
STAFF_PATHS = ("/cms/", "/dashboard/", "/accounts/", "/password-reset/", "/operator-entry/", "/viewing/", "/webhooks/")

# The shopper's side is Jinja2 (docs/adr/0002), asked first; the Wagtail admin and the dashboard are Django's.
TEMPLATES = [
    {
        "NAME": "themes",
        "BACKEND": "shop.stores.themes.ThemedJinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja2.environment",
            "undefined": Unknown,  # with DEBUG, Django has Jinja write it as it stands in the template
            "extensions": [
                "jinja2.ext.i18n",
                "wagtail.jinja2tags.core",
                "wagtail.admin.jinja2tags.userbar",
                "wagtail.images.jinja2tags.images",
            ],
            "context_processors": [
                "config.jinja2.page_context",
                "cms_pages.context.store_content",
                "shop.consent.context.consent",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
                "shop.dashboard.context_processors.frame",
            ],
        },
    },
]
THEMES = PROJECT / "themes"

# The application connects as a role that owns nothing; what changes the schema, as the owner (shop/stores/roles.py).
DATABASES = {
    "default": {
        "ENGINE": "shop.stores.postgresql",
        **environment.django_database(ENVIRONMENT.database_url),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)  # seconds: /readyz and visitors wait as long
DATABASE_OWNER = environment.django_database(ENVIRONMENT.database_owner_url) if ENVIRONMENT.database_owner_url else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # a quick order sends 1,000 rows back, of five fields at most

REDIS_URL = ENVIRONMENT.redis_url
SEARCH_URL = ENVIRONMENT.search_url
REDIS_PATIENCE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}  # seconds
CACHES = {
    "default": {
        **(
            {"BACKEND": "shop.stores.caching.QuietRedisCache", "LOCATION": REDIS_URL, "OPTIONS": REDIS_PATIENCE}
            if REDIS_URL
            else {"BACKEND": "shop.stores.caching.QuickFileCache", "LOCATION": VAR / "cache"}
        ),
        "KEY_FUNCTION": "shop.stores.caching.scoped_key",
    },
    "pages": (  # between the processes of a machine; where it fails, pages are made once more
        {
            "BACKEND": "shop.stores.caching.QuietRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": REDIS_PATIENCE,
        }
        if REDIS_URL
        else {"BACKEND": "shop.stores.caching.QuickFileCache", "LOCATION": VAR / "pages"}
    ),
}
PAGE_CACHE = ENVIRONMENT.page_cache != "off"
CDN_SECONDS = ENVIRONMENT.cdn_seconds
PAGE_CACHE_TELLS = ENVIRONMENT.page_cache == "tells"
VERSIONS = VAR / "versions"  # memory that the processes of this machine share
SESSION_ENGINE = "shop.stores.sessions"
SESSION_COOKIE_HTTPONLY = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shop.companies.backends.BuyerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
OTP_TOTP_THROTTLE_FACTOR = 0  # shop.accounts.throttle slows guessing down; django-otp's own way locks out for years
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"  # not "en": gettext takes that for American English, and Oscar then sells from carts
LANGUAGES = [("en-gb", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PROJECT / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [*(path for path in sorted((PROJECT / "themes").glob("*/static")) if path.is_dir()), api.SWAGGER_UI]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.sheets.WholeSheet",
]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # nobody waits for a source map
MEDIA_URL = "/media/"
MEDIA_ORIGIN = getattr(ENVIRONMENT.media, "public", None)  # where visitors load pictures from, if not from the store
STORAGES = {
    "default": environment.django_storage(ENVIRONMENT.media),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {"DIRECTIVES": policies.shoppers_policy(MEDIA_ORIGIN)}
EDITORS_POLICY = policies.editors_policy(MEDIA_ORIGIN)
PERMISSIONS_POLICY = policies.PERMISSIONS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Where gateways are called. Stripe and PayPal only with a store's key: without one, calls go to the test gateway.
TEST_GATEWAY = ENVIRONMENT.test_gateway
STRIPE_API = "https://api.stripe.com"
PAYPAL_API, PAYPAL_PAGE = ENVIRONMENT.paypal
GATEWAY_TIMEOUT_S = 20  # a card's bank may think; the buyer, and a worker, wait as long

DISPUTE_JUDGES = ["shop.review.actions.follow_dispute"]  # asked of an order when a dispute is opened or closed
PAYMENT_ALARMS = ["shop.review.actions.raise_alarm"]  # told of an order whose money does not come, and why
PAYMENT_JUDGES = ["shop.review.actions.judge", *DISPUTE_JUDGES]  # asked of each that was paid: payments know no rules

SITE_ID = 1  # django.contrib.sites: Oscar's orders point at one; a store is Wagtail's site

WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{PLATFORM_HOST}"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

OSCAR_SHOP_NAME = "Stoa"
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_HOMEPAGE = "/"
OSCAR_DASHBOARD_NAVIGATION = NAVIGATION
OSCAR_DASHBOARD_DEFAULT_ACCESS_FUNCTION = "shop.dashboard.access.may_open"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_COOKIES_DELETE_ON_LOGOUT = [OSCAR_RECENTLY_VIEWED_COOKIE_NAME]  # noqa: F405 - Oscar names one that it has no more
OSCAR_EAGER_ALERTS = False
OSCAR_DEFAULT_CURRENCY = "GBP"
OSCAR_THUMBNAILER = "shop.pictures.thumbnails.Thumbnailer"
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_SLUG_ALLOW_UNICODE = True
# Oscar's search module imports haystack, which insists on this; shop.search replaces what it would do.
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

globals().update(environment.django_mail(ENVIRONMENT.mail))
DEFAULT_FROM_EMAIL = OSCAR_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.default_from_email

CELERY_BROKER_URL = ENVIRONMENT.broker_url or "memory://localhost"
CELERY_TASK_ALWAYS_EAGER = ENVIRONMENT.broker_url is None
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True  # told to end, a worker finishes what it began and gives back the rest
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # killed, it gives back that too: a task may run twice, and none is lost
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
