"""What is done, each in one function: declare, withdraw; register, carry out and judge a run."""

from audits.actions.declarations import (
    declare,
    declare_cast,
    declare_many,
    declare_simulated,
    withdraw,
)

__all__ = ["declare", "declare_cast", "declare_many", "declare_simulated", "withdraw"]
