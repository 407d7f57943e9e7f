"""Drawing many pictures on all cores: plain values go in, plain values come out, no models.

Workers are spawned, because a fork would share the database's connection. A spawned worker first
imports the program that started it. Where that is impossible (a program read from standard input,
a script without a guard) this process draws the pictures: slower, with the same result.
"""

import os
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from catalog.artwork.renditions import Prepared, prepare
from catalog.demo.pictures import PicturePlan, draw
from catalog.demo.story import Story
from catalog.drawing.processes import drawing_pool

Job = tuple[Story, PicturePlan]
# A worker starts in about half a second, the time that a few pictures take.
WORTH_A_WORKER = 4


def draw_all(jobs: Sequence[Job], *, workers: int | None = None) -> Generator[Prepared, None, None]:
    """Draw and prepare pictures, in the order of the jobs. Closing the generator drops the rest.

    `workers` is the number of processes: by default one per core, and none for a few pictures.
    """
    if workers is None:
        workers = min(os.cpu_count() or 1, len(jobs) // WORTH_A_WORKER)
    done = 0
    if workers > 1 and _main_can_be_imported():
        try:
            for prepared in _drawn_by(workers, jobs):
                yield prepared
                done += 1
        except BrokenProcessPool:
            # The workers cannot start, or one was killed. This process draws the rest, and raises
            # what ended the worker if it happens again.
            pass
    yield from map(draw_and_prepare, jobs[done:])


def draw_and_prepare(job: Job) -> Prepared:
    """Draw one picture and make its renditions, as for an editor's upload."""
    picture = draw(*job)
    return prepare(picture.data, focal=picture.focal, name="artwork.png", content_type="image/png")


def _drawn_by(workers: int, jobs: Sequence[Job]) -> Iterator[Prepared]:
    pool = drawing_pool(workers)
    try:
        yield from pool.map(draw_and_prepare, jobs, chunksize=2)
    finally:
        # A caller that stops early does not wait for the remaining pictures.
        pool.shutdown(cancel_futures=True)


def _main_can_be_imported() -> bool:
    """Whether `multiprocessing.spawn` would find the running program."""
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is not None:
        return True
    file = getattr(main, "__file__", None)
    return file is None or Path(file).is_file()
