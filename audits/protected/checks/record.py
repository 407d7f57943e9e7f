"""The record's functions and triggers. They run as the vault's role, so they belong to the wall.

What they must be is read from the migrations that made them: the last one counts.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from audits.protected.checks.asking import Ask, Proof, same
from audits.record import migrations, rights

FUNCTION = re.compile(r"FUNCTION record\.(\w+)\s*\(.*?\bAS \$\$(.*?)\$\$", re.DOTALL)
TRIGGER = re.compile(r"TRIGGER (\w+)\s[^;]*?\bON record\.(\w+)")
ROUTINES = """
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'record'::regnamespace
"""
TRIGGERS = """
SELECT t.tgname || ' of ' || c.relname || CASE t.tgenabled WHEN 'O' THEN '' ELSE ', disabled' END
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'record'::regnamespace AND NOT t.tgisinternal
"""


def prove(ask: Ask) -> Iterator[Proof]:
    """Yield the proofs about the record."""
    wrong = rights.excess()
    yield Proof(
        "The web role reads the record and asks for runs; only the audit role writes runs.",
        not wrong,
        "; ".join(wrong),
    )
    texts = list(_texts())
    bodies = dict(match for text in texts for match in FUNCTION.findall(text))
    there = ask(ROUTINES)
    yield same(
        "Every function of the record has the body that its migration gave it.",
        {f"{name} with another body" for name, body in there if bodies.get(name) != body}
        | {name for name, _ in there if name in bodies},
        set(bodies),
    )
    yield same(
        "The triggers that keep the record are there and enabled, and there are no others.",
        {name for (name,) in ask(TRIGGERS)},
        {f"{name} of {table}" for text in texts for name, table in TRIGGER.findall(text)},
    )


def _texts() -> Iterator[str]:
    """Yield each text of the record's migrations, in their order."""
    for module in sorted(one.name for one in iter_modules(migrations.__path__)):
        members = vars(import_module(f"{migrations.__name__}.{module}"))
        yield from (value for value in members.values() if isinstance(value, str))
