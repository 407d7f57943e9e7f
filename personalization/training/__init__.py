"""Training: sealed days are reduced to sums, which are kept, and a model is fitted from them."""
