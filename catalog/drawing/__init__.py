"""A small illustration engine: palettes, people, scenery, objects and lettering become posters.

Everything is a function from values to SVG text, without Django and without a
clock, so that a process pool can draw and the same title gives the same bytes.
"""
