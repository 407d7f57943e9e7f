"""Importers of public data sets: read everything, refuse by file and line, then write at once."""
