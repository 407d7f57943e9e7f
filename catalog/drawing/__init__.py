"""A small illustration engine: palettes, people, scenery, objects and lettering make posters.

All functions are pure, without Django and without a clock: they turn values into SVG text (posters) or
images (cards). So a process pool can draw, and equal input gives equal bytes.
"""
