"""Pictures as bytes: which files are accepted, and what is made of them. Imports no Django."""
