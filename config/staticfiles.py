"""Static files under names that contain their digest; style sheets and modules included."""

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "(?P<name>[\w-]+\.css)";\n', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class SiteStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Joins style sheets, and rewrites `import … from "./x.js"`, so that browsers may cache both.

    A sheet that imports others of its folder (css/site.css) is sent as one file: a page then waits
    for one answer, not for eleven, and the whole is compressed as one text.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        """Replace the imports of style sheets before names are given."""
        for name in [] if dry_run else [name for name in paths if name.endswith(".css")]:
            joined = joined_sheet(name, paths)
            if joined is not None:
                self.delete(name)
                self.save(name, ContentFile(joined.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined_sheet(name: str, paths: dict[str, Any]) -> str | None:
    """Return a style sheet with those that it imports in their places, or None if there are none.

    `paths` gives the storage and the path of every file, as collectstatic does.
    """
    sheet = _text(name, paths)
    if not IMPORT.search(sheet):
        return None
    folder = name.rpartition("/")[0]
    whole = IMPORT.sub(lambda found: _text(f"{folder}/{found['name']}", paths), sheet)
    return COMMENT.sub("", whole)


def _text(name: str, paths: dict[str, Any]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
