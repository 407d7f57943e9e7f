"""The writes of this app: declaring and withdrawing; starting and judging a run."""

from audits.actions.declarations import (
    UnknownPerson,
    declare,
    declare_cast,
    declare_many,
    declare_simulated,
    withdraw,
    withdraw_cast,
)

__all__ = [
    "UnknownPerson",
    "declare",
    "declare_cast",
    "declare_many",
    "declare_simulated",
    "withdraw",
    "withdraw_cast",
]
