"""A candidate's evaluation as typed values, and as the JSON that a model version keeps."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


class EvaluationMalformed(ValueError):
    """A stored evaluation cannot be read; the message names the field."""


@dataclass(frozen=True, slots=True)
class ValueInterval:
    """A value per decision with its interval; all None where nothing is concluded."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """What one policy earns per decision, by each estimator.

    Attributes:
        ess: effective sample size; max_weight: the largest weight of one decision.
        refused: why nothing is concluded, or None.
    """

    dr: ValueInterval
    ips: ValueInterval
    snips: ValueInterval
    sndr: ValueInterval
    switch_dr: ValueInterval
    dm: ValueInterval
    ess: float
    max_weight: float
    refused: str | None


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """How much more the candidate earns per decision than another policy, paired."""

    dr: ValueInterval
    ips: ValueInterval
    ess: float
    refused: str | None


@dataclass(frozen=True, slots=True)
class ReferenceDifference:
    """How much more the candidate earns per decision than a model that has served lately, paired.

    Attributes:
        model: its number.
        value, error, freedom: the doubly robust difference, its standard error and that error's
            degrees of freedom; None where nothing is concluded.
        ess: effective sample size of the worse of the two.
        refused: why nothing is concluded, or None.
        counts: whether the candidate must be no worse. A file of an earlier format does not count:
            no version of this program can serve from it any more.
    """

    model: int
    value: float | None
    error: float | None
    freedom: float | None
    ess: float
    refused: str | None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """The number of the viewer vector that moved furthest, in standard deviations."""

    feature: str
    shift: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A candidate's evaluation on days that it has not learnt from.

    Attributes:
        days: the unseen days, as ISO dates.
        decisions, viewers: how many were judged; share: the share of viewers that were drawn.
        unknown: decisions left out because an artwork has left the catalogue.
        level: of all intervals. reward_model: what gave the expected rewards.
        serving: the model that served then, if one did.
        rival: the policy that the candidate must not fall behind: "serving", or "uniform".
        drift: None where the viewers that the candidate learnt from are not known.
        logged: what the logged choices earned.
        policies, differences: by the policy's name.
        references: the models that have served lately. Evaluations of earlier versions have none.
    """

    days: tuple[str, ...]
    decisions: int
    viewers: int
    share: float
    unknown: int
    level: float
    reward_model: str
    serving: int | None
    rival: str
    drift: Shift | None
    logged: ValueInterval
    policies: Mapping[str, PolicyValue]
    differences: Mapping[str, ValueDifference]
    references: tuple[ReferenceDifference, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON: what `from_json` reads."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, stored: Any) -> "Evaluation":
        """Read an evaluation as `to_json` wrote it.

        Raises EvaluationMalformed, naming the first field that is missing or wrong.
        """
        reader = _Reader(stored, "evaluation")
        evaluation = cls(
            days=reader.texts("days"),
            decisions=reader.count("decisions"),
            viewers=reader.count("viewers"),
            share=reader.number("share"),
            unknown=reader.count("unknown"),
            level=reader.number("level"),
            reward_model=reader.text("reward_model"),
            serving=None if reader.value("serving") is None else reader.count("serving"),
            rival=reader.text("rival"),
            drift=_shift(reader),
            logged=_interval(reader, "logged"),
            policies={name: _policy(each) for name, each in reader.each("policies")},
            differences={name: _difference(each) for name, each in reader.each("differences")},
            references=tuple(_reference(each) for each in reader.listed("references")),
        )
        for where, names, values in (
            ("policies", {"candidate"}, evaluation.policies),
            ("differences", {evaluation.rival, "context_free"}, evaluation.differences),
        ):
            missing = names - values.keys()
            if missing:
                raise EvaluationMalformed(f"evaluation.{where}: “{min(missing)}” is missing")
        return evaluation


class _Reader:
    """Reads the fields of one JSON object, and names the one that is wrong."""

    def __init__(self, stored: Any, where: str) -> None:
        if not isinstance(stored, dict):
            raise EvaluationMalformed(f"{where}: not an object")
        self.stored: dict[str, Any] = stored
        self.where = where

    def value(self, name: str) -> Any:
        if name not in self.stored:
            raise EvaluationMalformed(f"{self.where}: “{name}” is missing")
        return self.stored[name]

    def text(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.value(name)
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise self._wrong(name, "a list of texts")
        return tuple(values)

    def count(self, name: str) -> int:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(name, "a count")
        return value

    def number(self, name: str) -> float:
        value = self.value(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self._wrong(name, "a finite number")
        return float(value)

    def number_or_none(self, name: str) -> float | None:
        return None if self.value(name) is None else self.number(name)

    def text_or_none(self, name: str) -> str | None:
        return None if self.value(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def listed(self, name: str) -> "list[_Reader]":
        """Return the objects of a list; none where there is no such list."""
        values = self.stored.get(name, [])
        if not isinstance(values, list):
            raise self._wrong(name, "a list")
        return [_Reader(each, f"{self.where}.{name}[{n}]") for n, each in enumerate(values)]

    def inner(self, name: str) -> "_Reader":
        return _Reader(self.value(name), f"{self.where}.{name}")

    def each(self, name: str) -> "list[tuple[str, _Reader]]":
        inner = self.inner(name)
        return [(key, inner.inner(key)) for key in inner.stored]

    def _wrong(self, name: str, wanted: str) -> EvaluationMalformed:
        return EvaluationMalformed(f"{self.where}: “{name}” must be {wanted}")


def _interval(reader: _Reader, name: str) -> ValueInterval:
    inner = reader.inner(name)
    ends = (inner.number_or_none(part) for part in ("value", "low", "high"))
    return ValueInterval(*ends)


def _policy(reader: _Reader) -> PolicyValue:
    return PolicyValue(
        dr=_interval(reader, "dr"),
        ips=_interval(reader, "ips"),
        snips=_interval(reader, "snips"),
        sndr=_interval(reader, "sndr"),
        switch_dr=_interval(reader, "switch_dr"),
        dm=_interval(reader, "dm"),
        ess=reader.number("ess"),
        max_weight=reader.number("max_weight"),
        refused=reader.text_or_none("refused"),
    )


def _difference(reader: _Reader) -> ValueDifference:
    return ValueDifference(
        dr=_interval(reader, "dr"),
        ips=_interval(reader, "ips"),
        ess=reader.number("ess"),
        refused=reader.text_or_none("refused"),
    )


def _reference(reader: _Reader) -> ReferenceDifference:
    found = ReferenceDifference(
        model=reader.count("model"),
        value=reader.number_or_none("value"),
        error=reader.number_or_none("error"),
        freedom=reader.number_or_none("freedom"),
        ess=reader.number("ess"),
        refused=reader.text_or_none("refused"),
        counts=reader.flag("counts"),
    )
    if found.refused is None and None in {found.value, found.error, found.freedom}:
        raise EvaluationMalformed(f"{reader.where}: neither numbers nor why there are none")
    return found


def _shift(reader: _Reader) -> Shift | None:
    if reader.value("drift") is None:
        return None
    inner = reader.inner("drift")
    return Shift(inner.text("feature"), inner.number("shift"))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [asdict(each) if isinstance(each, ReferenceDifference) else each for each in value]
    if isinstance(value, Mapping):
        return {name: asdict(each) for name, each in value.items()}
    if isinstance(value, ValueInterval | Shift):
        return asdict(value)
    return value
