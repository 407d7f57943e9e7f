"""Compositions: how figures, place, object and lettering share the canvas, by kind of artwork."""
