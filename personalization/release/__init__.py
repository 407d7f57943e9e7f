"""What decides whether a model serves: the gate, the decision, the registry, the roll-back.

`decision.decide` is what the night calls. `auditing` is the seam to the audit.
"""
