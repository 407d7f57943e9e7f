"""Files: what pages load, uploaded pictures, and the store of sealed days and models."""

from urllib.parse import urlsplit

from config import paths
from config.environment import env, from_one, wrong
from config.settings.site import BASE_DIR

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = paths.STATIC
MEDIA_URL = "media/"
MEDIA_ROOT = paths.MEDIA
STORAGES = {
    # Renditions: content-addressed, public.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(paths.MEDIA / "public"), "base_url": f"/{MEDIA_URL}"},
    },
    # Uploaded originals: never served as they came.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(paths.MEDIA / "originals"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "config.staticfiles.SiteStaticStorage"},
}


def _storage_url() -> str:
    value = env.str("STORAGE_URL", paths.STORAGE.as_uri())
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise wrong("STORAGE_URL", f"Is no URL: {error}.") from error
    folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    bucket = parts.scheme == "s3" and parts.netloc
    if not (folder or bucket):
        raise wrong("STORAGE_URL", "Must be file:///absolute/folder or s3://bucket/prefix.")
    return value


# Sealed days, statistics, models.
STORAGE_URL = _storage_url()
# Where a machine keeps its copies of files from a bucket.
STORAGE_CACHE = env.str("STORAGE_CACHE", str(paths.DATA / "cache"))
if not STORAGE_CACHE or "://" in STORAGE_CACHE:
    raise wrong("STORAGE_CACHE", "Must be a folder of this machine.")
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 20 * 1024 * 1024, validate=from_one)
MAX_UPLOAD_PIXELS = env.int("MAX_UPLOAD_PIXELS", 50_000_000, validate=from_one)
