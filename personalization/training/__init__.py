"""Training: sealed days become sums, the sums are kept, and a model is fitted from them."""
