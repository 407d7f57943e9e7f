"""The names of attributes and groups, as the auditors' pages show them."""

from audits.metrics.crossing import crossed_name, crossed_parts, is_crossed
from audits.models import Statistic
from audits.protected.attributes import ATTRIBUTES

OTHERS = {
    "undeclared": "Undeclared",
    "rest": "Everybody else who declared",
    "all": "All groups",
}


def label(attribute: str, group: str) -> str:
    """Return the name of a group as pages show it."""
    if is_crossed(group):
        parts = zip(crossed_parts(attribute), crossed_parts(group), strict=True)
        return crossed_name(*(label(*part) for part in parts))
    known = ATTRIBUTES.get(attribute)
    if known and group in known.values:
        return str(known.values[group])
    return OTHERS.get(group, group)


def subject(one: Statistic) -> str:
    """Return the name of whom a statistic is about; of the other side, whose other side it is."""
    against = one.detail.get("against")
    if one.group == "rest" and against:
        return f"All others than “{label(one.attribute, str(against))}”"
    return label(one.attribute, one.group)


def attribute_name(name: str) -> str:
    """Return the name of an attribute as pages show it."""
    if is_crossed(name):
        return crossed_name(*map(attribute_name, crossed_parts(name)))
    return str(ATTRIBUTES[name].label) if name in ATTRIBUTES else name
