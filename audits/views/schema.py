"""The JSON Schema of audit documents, for everybody: it says how to read one, and nothing else."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from audits.schema import FOLDER
from catalog.parental import open_to_limited


@open_to_limited
@require_safe
def published(request: HttpRequest, version: int) -> FileResponse:
    """Serve the schema of one version of documents."""
    path = FOLDER / f"audit-document-{version}.json"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/schema+json")
