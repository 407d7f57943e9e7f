"""What is done, each in one function: declare, withdraw; register, carry out and judge a run."""

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
