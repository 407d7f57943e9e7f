"""Pages of long lists: by cursor, so that the last page costs what the first does."""

from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    page_size = 24
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = "How many at most, up to 100."


class NewestTitles(ByCursor):
    ordering = ("-year", "name", "id")


class NewestPlays(ByCursor):
    ordering = ("-started_at", "-id")
