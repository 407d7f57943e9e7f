"""The refusal that every public function of the learner raises for bad input."""


class BadInput(ValueError):
    """An argument has the wrong type, shape or value; the message begins with its name."""
