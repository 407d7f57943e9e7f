"""Articles that a data set files behind the name: "Piano, The" becomes "The Piano"."""

import re

# In the languages whose articles data sets file behind.
_ARTICLES = (
    *("The", "A", "An"),
    *("L'", "L’", "L`", "L´", "Le", "La", "Les", "Un", "Une", "Des"),
    *("Der", "Die", "Das", "Dem", "Ein", "Eine", "Einen", "Einem", "Einer", "Eines"),
    *("El", "Los", "Las", "Lo", "Una", "Unos", "Unas", "Els"),
    *("Il", "Gli", "Gl'", "Gl’", "I", "Uno", "Un'", "Un’"),
    *("O", "Os", "As", "Um", "Uma", "Uns", "Umas"),
    *("Den", "Det", "De", "En", "Ett", "Et", "Ei", "Het", "Een", "'t", "’t"),
    *("Az", "Al-", "El-", "Ha-"),
)
# English words too, or letters that end a list ("Me, Myself, I"): articles only behind a name that
# has no other comma.
_DOUBTFUL = frozenset({"I", "O", "As", "Die", "Den", "En", "Et", "De", "Des", "Los", "Ei"})
_FILED = re.compile(rf"^(?P<name>\S.*?) ?, (?P<article>{'|'.join(_ARTICLES)})$")
_JOINED = ("'", "’", "`", "´", "-")  # ends of articles that take no space
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
    between = "" if article.endswith(_JOINED) else " "
    return f"{article}{between}{filed['name']}"
