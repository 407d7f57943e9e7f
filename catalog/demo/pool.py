"""Drawing many pictures on all cores: plain values go in, plain values come out, no models.

A worker is spawned, because a fork would share the database's connection, and a
spawned one first imports the program that started it. Where that is impossible
(a program read from standard input, a script that is not guarded) the pictures are
drawn here instead: slower, but the same.
"""

import os
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from catalog.artwork.renditions import Prepared, prepare
from catalog.demo.pictures import Plan, draw
from catalog.demo.story import Story

Job = tuple[Story, Plan]
# A worker takes about half a second to start: as long as a few pictures take.
WORTH_A_WORKER = 4


def draw_all(jobs: Sequence[Job], *, workers: int | None = None) -> Generator[Prepared, None, None]:
    """Draw and prepare pictures, in the order of the jobs; closing it drops what is left.

    `workers` is how many processes draw: by default one a core, and none for a few pictures.
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
            # The workers cannot start, or one was killed: what made it end shows here, if anywhere.
            pass
    yield from map(draw_and_prepare, jobs[done:])


def draw_and_prepare(job: Job) -> Prepared:
    """Draw one picture and make its renditions, as an editor's upload would."""
    picture = draw(*job)
    return prepare(picture.data, focal=picture.focal, name="artwork.png", content_type="image/png")


def _drawn_by(workers: int, jobs: Sequence[Job]) -> Iterator[Prepared]:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield from pool.map(draw_and_prepare, jobs, chunksize=2)
    finally:
        # Whoever stops half way does not wait for pictures that nobody takes.
        pool.shutdown(cancel_futures=True)


def _main_can_be_imported() -> bool:
    """Whether `multiprocessing.spawn` would find the running program."""
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is not None:
        return True
    file = getattr(main, "__file__", None)
    return file is None or Path(file).is_file()
