"""What a process of the pool does: import no models, take plain values, give plain values."""

from catalog.artwork.renditions import Prepared, prepare
from catalog.demo.drawing.pictures import Plan, draw
from catalog.demo.story import Story

Job = tuple[Story, Plan]


def draw_and_prepare(job: Job) -> Prepared:
    """Draw one picture and make its renditions, as an editor's upload would."""
    picture = draw(*job)
    return prepare(picture.data, focal=picture.focal, name="artwork.png", content_type="image/png")
