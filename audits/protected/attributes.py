"""The protected attributes that may be declared: an allow-list without free text."""

from dataclasses import dataclass


class UnknownDeclaration(ValueError):
    """The attribute or the value is not on the allow-list."""


@dataclass(frozen=True)
class Attribute:
    """One attribute: its name, its label, its question, and the label of each answer."""

    name: str
    label: str
    question: str
    values: dict[str, str]


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute(
            "gender",
            "Gender",
            "How would you describe your gender?",
            {
                "woman": "Woman",
                "man": "Man",
                "non-binary": "Non-binary",
                "another": "In another way",
            },
        ),
        Attribute(
            "age_band",
            "Age",
            "How old are you?",
            {
                "under-18": "Under 18",
                "18-24": "18 to 24",
                "25-34": "25 to 34",
                "35-44": "35 to 44",
                "45-54": "45 to 54",
                "55-and-over": "55 and over",
            },
        ),
        Attribute(
            "ethnicity",
            "Ethnicity",
            "Which of these comes closest to how you would describe your ethnicity?",
            {
                "asian": "Asian",
                "black": "Black",
                "latin-american": "Latin American",
                "middle-eastern": "Middle Eastern or North African",
                "mixed": "Mixed or several",
                "white": "White",
                "another": "Another",
            },
        ),
        Attribute(
            "disability",
            "Disability",
            "Do you live with a disability or a lasting illness?",
            {"yes": "Yes", "no": "No"},
        ),
    )
}


def check(attribute: str, value: str) -> None:
    """Raise UnknownDeclaration unless `attribute` and `value` are on the list."""
    if attribute not in ATTRIBUTES:
        raise UnknownDeclaration(f"{attribute!r} is not an attribute that may be declared.")
    if value not in ATTRIBUTES[attribute].values:
        raise UnknownDeclaration(f"{value!r} is not an answer to {attribute!r}.")
