"""Static files, ES modules included, under names that contain their digest."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites `import … from "./x.js"` too, so that browsers may cache modules for ever."""

    support_js_module_import_aggregation = True
