"""The API: who may call it, how often, and how it documents itself."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["catalog.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "catalog.api.paging.KeysetPagination",
    "EXCEPTION_HANDLER": "catalog.api.refusals.answer",
    "DEFAULT_THROTTLE_CLASSES": ["config.throttling.ClientRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "beacon": "240/min",
        "plays": "600/min",
        "pictures": "120/min",
        "opinions": "120/min",
        "copies": "10/hour",
        "reports": "20/hour",
        "search": "120/min",
        "catalogue": "600/min",
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee API",
    "DESCRIPTION": "The catalogue, the current profile's home with its chosen artwork, "
    "what was seen, and what was watched.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # Two fields are called "kind": the rows of home have kinds too.
    "ENUM_NAME_OVERRIDES": {
        "TitleKindEnum": "catalog.models.Title.Kind",
        "RowKindEnum": "catalog.api.serializers.ROW_KINDS",
    },
}
