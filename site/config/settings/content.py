"""Wagtail: the merchants' pages, pictures and documents, and the editors' door to them."""

from zoneinfo import available_timezones

from config.settings.pictures import PICTURE_MOST_BYTES, PICTURE_MOST_PIXELS

WAGTAIL_SITE_NAME = "Stoa"
# Without names like "localtime", which some systems have besides and no browser knows.
WAGTAIL_USER_TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")

# One sign-in, so that its throttle and its second factor hold at every door; passwords are changed there too.
WAGTAILADMIN_LOGIN_URL = "/cms/login/"  # ours (cms_pages.doors), which refuses whoever is signed in and no editor
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# What the editor has not: nothing asks the outside, nothing sends mail, no page is behind a password of its own.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}

# Not in a folder that all merchants share, where a file of another's needs but its name.
WAGTAIL_REDIRECTS_FILE_STORAGE = "cache"

WAGTAILIMAGES_IMAGE_MODEL = "cms_pages.StoreImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms_pages.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]  # an SVG is a program
WAGTAILIMAGES_MAX_UPLOAD_SIZE = PICTURE_MOST_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = PICTURE_MOST_PIXELS
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "webp", "gif": "webp", "jpeg": "webp", "png": "webp"}
WAGTAILIMAGES_WEBP_QUALITY = 82
WAGTAILIMAGES_AVIF_QUALITY = 60  # looks the same

WAGTAILDOCS_DOCUMENT_MODEL = "cms_pages.StoreDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
