"""The protected attributes that may be declared: an allow-list without free text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class UnknownDeclaration(ValueError):
    """The attribute or the value is not on the allow-list."""


@dataclass(frozen=True)
class Attribute:
    """One attribute: its name, its label, its question, and the label of each answer."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    values: "dict[str, _StrPromise]"


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute(
            "gender",
            _("Gender"),
            _("How would you describe your gender?"),
            {
                "woman": _("Woman"),
                "man": _("Man"),
                "non-binary": _("Non-binary"),
                "another": _("In another way"),
            },
        ),
        Attribute(
            "age_band",
            _("Age"),
            _("How old are you?"),
            {
                "under-18": _("Under 18"),
                "18-24": _("18 to 24"),
                "25-34": _("25 to 34"),
                "35-44": _("35 to 44"),
                "45-54": _("45 to 54"),
                "55-and-over": _("55 and over"),
            },
        ),
        Attribute(
            "ethnicity",
            _("Ethnicity"),
            _("Which of these comes closest to how you would describe your ethnicity?"),
            {
                "asian": _("Asian"),
                "black": _("Black"),
                "latin-american": _("Latin American"),
                "middle-eastern": _("Middle Eastern or North African"),
                "mixed": _("Mixed or several"),
                "white": _("White"),
                "another": _("Another"),
            },
        ),
        Attribute(
            "disability",
            _("Disability"),
            _("Do you live with a disability or a lasting illness?"),
            {"yes": _("Yes"), "no": _("No")},
        ),
    )
}


def check(attribute: str, value: str) -> None:
    """Raise UnknownDeclaration unless `attribute` and `value` are on the list."""
    if attribute not in ATTRIBUTES:
        raise UnknownDeclaration(f"{attribute!r} is not an attribute that may be declared.")
    if value not in ATTRIBUTES[attribute].values:
        raise UnknownDeclaration(f"{value!r} is not an answer to {attribute!r}.")
