"""Every public function gives finite numbers, None, or a refusal that names an argument."""

import importlib
import inspect
import math
import pkgutil
import re
from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits import metrics
from audits.metrics import tally
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.calls import CALLS
from tests.audits.metrics.drawn import World

EXAMPLES = 40


def public_functions():
    """Name every function of audits/metrics that does not begin with an underscore."""
    for module in pkgutil.iter_modules(metrics.__path__):
        loaded = importlib.import_module(f"audits.metrics.{module.name}")
        for name, member in vars(loaded).items():
            here = inspect.isfunction(member) and member.__module__ == loaded.__name__
            if here and not name.startswith("_"):
                yield f"{module.name}.{name}", member


def numbers_in(found):
    """Yield every number of a result, however deep."""
    if isinstance(found, np.ndarray):
        yield from found.astype(float).ravel().tolist()
    elif is_dataclass(found):
        for field in fields(found):
            yield from numbers_in(getattr(found, field.name))
    elif isinstance(found, tally.Tally):
        yield from numbers_in({name: vars(found)[name] for name in ("right", "pairs", "placed")})
    elif isinstance(found, dict):
        yield from numbers_in(list(found.values()))
    elif isinstance(found, list | tuple):
        for part in found:
            yield from numbers_in(part)
    elif isinstance(found, int | float):
        yield float(found)
    else:
        assert found is None or isinstance(found, str), found


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_gives_finite_numbers_or_refuses_by_name(name, data):
    try:
        found = CALLS[name](World(data))
    except CannotMeasure as refusal:
        assert refusal.field and refusal.reason
        return
    assert all(map(math.isfinite, numbers_in(found)))


def test_every_public_function_is_tried():
    assert {name for name, _ in public_functions()} == CALLS.keys() - {
        "measurement.Measurement.verdict"
    }


@pytest.mark.parametrize(("name", "function"), list(public_functions()))
def test_every_public_function_says_what_it_takes_gives_and_refuses(name, function):
    """With each argument by name, so that nobody has to read the code for a shape."""
    said = inspect.getdoc(function)
    arguments = said.partition("Args:")[2] or said
    for argument in inspect.signature(function).parameters:
        assert re.search(rf"\b{argument}\b", arguments), argument
    assert "Returns:" in said or "Yields:" in said
    assert "Raises:" in said
