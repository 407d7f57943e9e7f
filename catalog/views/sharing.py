"""The public page of a title: what a link shows to anybody, and to the programs that preview it.

It shows the standard picture to everybody. A picture that was chosen for whoever shares the link
would tell others what they watch.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.choosing import standard_artwork
from catalog.parental import limits_in, open_to_limited
from catalog.queries.sharing import PUBLIC_MATURITY, shareable_titles
from catalog.views.pictures import pictures


@open_to_limited
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a title's public facts. A profile that may not see the title does not find it."""
    title = get_object_or_404(shareable_titles(), slug=slug)
    if title.maturity > limits_in(request).maturity:
        raise Http404
    is_public = title.maturity <= PUBLIC_MATURITY
    artwork = standard_artwork([title]) if is_public else {}
    shown = list(pictures(artwork.values()).values())
    picture = shown[0] if shown else None
    context = {
        "title": title,
        "genres": list(title.genres.values_list("name", flat=True)),
        "is_public": is_public,
        "picture": picture,
        "page_url": request.build_absolute_uri(request.path),
        "picture_url": request.build_absolute_uri(picture.src) if picture else "",
        "synthetic": title.synthetic,
    }
    response = render(request, "catalog/share.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
