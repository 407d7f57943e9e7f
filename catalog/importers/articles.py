"""Articles that a data set files behind the name: "Piano, The" becomes "The Piano"."""

import re

# In the languages whose articles MovieLens files behind. An apostrophe takes no space.
_ARTICLES = (
    *("The", "A", "An"),
    *("L'", "L’", "Le", "La", "Les", "Un", "Une", "Des"),
    *("Der", "Die", "Das", "Ein", "Eine"),
    *("El", "Los", "Las", "Lo", "Una", "Unos", "Unas"),
    *("Il", "Gli", "I", "Uno", "Un'", "Un’"),
    *("O", "Os", "As", "Um", "Uma"),
    *("Den", "Det", "De", "En", "Ett", "Et", "Het", "Een"),
)
# English words too, or letters that end a list ("Me, Myself, I"): articles only behind a name that
# has no other comma.
_DOUBTFUL = frozenset({"I", "O", "As", "Die", "Den", "En", "Et", "De", "Des", "Los"})
_FILED = re.compile(rf"^(?P<name>\S.*), (?P<article>{'|'.join(_ARTICLES)})$")
_BRACKETS = re.compile(r"\((?P<known>a\.k\.a\. )?(?P<name>[^()]*)\)")


def in_front(name: str) -> str:
    """Return a film's name with its article in front, in the name and in names in brackets.

    >>> in_front("City of Lost Children, The (Cité des enfants perdus, La)")
    'The City of Lost Children (La Cité des enfants perdus)'
    >>> in_front("Enfer, L'")
    "L'Enfer"
    """
    first, bracket, rest = name.partition(" (")
    others = _BRACKETS.sub(
        lambda part: f"({part['known'] or ''}{_turned(part['name'])})", bracket + rest
    )
    return _turned(first) + others


def _turned(name: str) -> str:
    filed = _FILED.match(name)
    if not filed or (filed["article"] in _DOUBTFUL and "," in filed["name"]):
        return name
    article = filed["article"]
    between = "" if article.endswith(("'", "’")) else " "
    return f"{article}{between}{filed['name']}"
