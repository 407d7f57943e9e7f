"""Compressed text, without a length that tells another site what a page holds (BREACH)."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pictures are compressed already, and files to keep are not for a page to wait for.
COMPRESSED = {
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/vnd.oai.openapi",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
}
# What browsers call a request that another site, or a neighbouring host, caused.
FOREIGN = {"cross-site", "same-site"}


class CompressTextMiddleware(GZipMiddleware):
    """Compresses text with gzip, unless the request came from another site.

    The attack needs a victim's browser that asks for many pages with guesses in them, and the
    lengths of the responses. Django adds up to `max_random_bytes` to each length too.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in COMPRESSED or response.streaming:
            return response
        if request.headers.get("Sec-Fetch-Site") in FOREIGN:
            return response
        return super().process_response(request, response)
