"""Similar titles: by shared genres (rare ones weigh more), moods and people."""

from django.db import connection

from catalog.models import Title, Viewer
from catalog.queries.orders import VERSION, orders_at

SHOWN = f"""
    SELECT {VERSION}, array(SELECT title_id FROM catalog_hiddentitle WHERE viewer_id = %(viewer)s)
"""  # noqa: S608 - put together from constants; what varies are parameters


def similar_to(viewer: Viewer, title: Title, *, limit: int = 12) -> list[Title]:
    """Return the titles most similar to one that this viewer may see, best first. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, {"viewer": viewer.pk})
        [(version, hidden)] = cursor.fetchall()
    orders = orders_at(version)
    offered = orders.offer(viewer.maturity_limit, without=hidden)
    numbers = orders.alike(title.pk, offered, limit)
    titles = Title.objects.offered_to(viewer).in_bulk(numbers)
    return [titles[number] for number in numbers if number in titles]
