"""What decides whether a model serves: the gate, the decision, the registry, the way back."""
