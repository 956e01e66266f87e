"""The API: its limits, and its description. How it answers is declared in `shop.api`, for its own views alone."""

from pathlib import Path

import drf_spectacular_sidecar

REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
API_REQUESTS_PER_MINUTE = {"key": 600, "address": 300}

SPECTACULAR_SETTINGS = {
    "TITLE": "Stoa",
    "DESCRIPTION": "The catalogue, the basket, the checkout and the own orders of one store.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["shop.api.schema.only_v1"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "shop.api.schema.with_problems"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True},
}

# Of the sidecar's files only what our page shows: compressing all of them took minutes of a first start.
SWAGGER_UI = (
    "drf_spectacular_sidecar/swagger-ui-dist",
    Path(drf_spectacular_sidecar.__file__).parent / "static/drf_spectacular_sidecar/swagger-ui-dist",
)
