"""Attacks on the wall, as data: who does what, how it is named, and how it is undone."""

from tests.audits.protected.attacks import objects, outside, rights

ATTACKS = rights.ATTACKS | objects.ATTACKS | outside.ATTACKS
