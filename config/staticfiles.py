"""Static files under names that hold their digest, ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites `import … from "./x.js"` too, so that modules are cached for ever like the rest."""

    support_js_module_import_aggregation = True
