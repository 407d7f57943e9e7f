"""Pictures as bytes: what may come in, and what is made of it. Knows no Django."""
