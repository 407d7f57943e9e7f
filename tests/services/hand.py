"""A process with Django that carries out a test's commands, one a line.

    python -m tests.services.hand

reads `["build"]` or `["send", "night_tick"]` and answers each with a line of JSON.
"""

import contextlib
import json
import os
import sys

SHARD = 134  # rows
PARTS = 12  # shards of the days that are learnt from: three of each of four


def build():
    """Seal six days, each of many small shards."""
    from django.utils import timezone

    from personalization.journal import sealing, writing
    from tests.personalization import world

    writing.ROW_GROUP = SHARD
    world.build(days=6, viewers=40, titles=10, taste=0.3)
    for day in sealing.sealable_days(timezone.now()):
        sealing.seal(day, now=timezone.now())


def alone():
    """Run the night in this process, without workers."""
    from django.conf import settings
    from django.utils import timezone

    from personalization.night import running

    settings.REDUCE_ON_WORKERS = False
    now = timezone.now()
    running.run(running.begin(now.date(), now=now), clock=timezone.now)


def send(task):
    """Send a task's message, as beat would. If the broker is down, the message is lost."""
    from kombu.exceptions import OperationalError

    from config.celery import app

    with contextlib.suppress(OperationalError):
        app.send_task(f"personalization.tasks.{task}")


def forget():
    """Delete the night, what it made and its messages. The sealed days stay."""
    from config.celery import app

    app.control.purge()
    from django_celery_results.models import ChordCounter, TaskResult

    from personalization.models import GateLook, ModelVersion, Night, Part, Reduction, StateChange

    for model in (
        StateChange,
        GateLook,
        ModelVersion,
        Night,
        Reduction,
        Part,
        TaskResult,
        ChordCounter,
    ):
        model.objects.all().delete()


def state():
    """Return the night's stage, its model, and which worker reduced what."""
    from django_celery_results.models import TaskResult

    from personalization.models import ModelVersion, Night, Part

    night = Night.objects.values("stage", "outcome", "error").first()
    shards = TaskResult.objects.filter(
        task_name="personalization.tasks.reduce_shard", status="SUCCESS"
    )
    return (night or {"stage": ""}) | {
        "models": list(ModelVersion.objects.values_list("sha256", "decisions")),
        "parts": Part.objects.count(),
        "made": Part.objects.exclude(sha256="").count(),
        "reduced": shards.filter(result='"Reduced."').count(),
        "workers": sorted(set(shards.values_list("worker", flat=True))),
    }


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    commands = {command.__name__: command for command in (build, alone, send, forget, state)}
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(commands[name](*arguments)), flush=True)


if __name__ == "__main__":
    main()
