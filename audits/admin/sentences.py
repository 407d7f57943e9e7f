"""A statistic in one plain sentence, with its interval and what follows from it."""

from audits.admin.words import attribute_name, subject
from audits.models import Statistic
from audits.runs.bounds import centre

Verdict = Statistic.Verdict
# By name: what is compared, with {size}, and a pair of words for a positive and a negative number.
SAID = {
    "exposure_distance": (
        "the distance from the artworks that everybody else who declared is shown is {size} {way} "
        "what chance gives",
        ("above", "below"),
    ),
    "leakage_auc": (
        "the strongest attacker tells the group from everybody else who declared with an AUC of "
        "{size}, where one half is a coin toss",
        ("", ""),
    ),
    "prominence_gap": (
        "the artworks that depict somebody leave out {size} {way} of the cast, by billing, than "
        "for everybody else who declared",
        ("more", "less"),
    ),
    "prominence_event": (
        "where somebody is depicted, the best-billed one is billed below third {size} {way} often "
        "than for everybody else who declared",
        ("more", "less"),
    ),
    "flip_effect": (
        "leads of another class in the history change the most likely artwork {size} {way} often "
        "than other leads of the same class",
        ("more", "less"),
    ),
    "reach": (
        "for each decision about a title whose lead is under-represented, the model leads to "
        "{size} {way} quality plays than the standard pictures",
        ("more", "fewer"),
    ),
    "reach_difference": (
        "the gain in reach is {size} {way} than for everybody else who declared",
        ("higher", "lower"),
    ),
    "lift": (
        "the model earns {size} {way} quality plays per decision than even draws",
        ("more", "fewer"),
    ),
    "lift_standard": (
        "the model earns {size} {way} quality plays per decision than the standard pictures",
        ("more", "fewer"),
    ),
    "lift_difference": (
        "the lift over even draws is {size} {way} than for everybody else who declared",
        ("higher", "lower"),
    ),
    "lift_difference_standard": (
        "the lift over the standard pictures is {size} {way} than for everybody else who declared",
        ("higher", "lower"),
    ),
}
LEVEL = 0.05  # the share of false alarms among the titles that are said to differ
FOLLOWS = {
    Verdict.WITHIN: "That is within the margin of {margin:g}.",
    Verdict.OUTSIDE: "That is outside the margin of {margin:g}.",
    Verdict.INSUFFICIENT: "The evidence is insufficient for the margin of {margin:g}.",
}


def sentence(one: Statistic) -> str:
    """Return a statistic in words; empty where it has none of its own, or no number."""
    if one.name == "exposure_difference":
        return _of_titles(one)
    if one.name not in SAID or one.estimate is None:
        return ""
    words, (more, less) = SAID[one.name]
    who = _who(one)
    if one.verdict == Verdict.NOT_MEASURABLE:
        return f"{who}: not measurable here. {one.detail.get('why', '')}"
    said = words.format(size=f"{abs(one.estimate):.4f}", way=more if one.estimate >= 0 else less)
    parts = [f"{who}: {said} ({_interval(one)})."]
    if one.margin and one.verdict in FOLLOWS:
        parts.append(FOLLOWS[Verdict(one.verdict)].format(margin=one.margin))
        if one.verdict == Verdict.WITHIN and _differs(one):
            parts.append("There is a difference, and it is smaller than the margin.")
    return " ".join(parts)


def _differs(one: Statistic) -> bool:
    """Say whether the interval leaves out that nothing differs."""
    if one.low is None or one.high is None:
        return False
    return not one.low <= centre(one) <= one.high


def _of_titles(one: Statistic) -> str:
    """Say in how many titles the group is shown other pictures, corrected over all that were
    tested."""
    tested = [each for each in one.detail.get("titles", []) if each["adjusted_p"] is not None]
    if not tested:
        return ""
    differ = sum(each["adjusted_p"] <= LEVEL for each in tested)
    who = _who(one)
    return (
        f"{who}: {differ} of {len(tested)} titles are shown by other pictures than to everybody "
        f"else who declared (at most {LEVEL * 100:.0f} % of these are false alarms, by Benjamini "
        "and Hochberg)."
    )


def _who(one: Statistic) -> str:
    """Name the attribute too: a run may have several, and all have groups of one name."""
    return f"{subject(one)} ({attribute_name(one.attribute).lower()})"


def _interval(one: Statistic) -> str:
    if one.low is None or one.high is None:
        return "no interval: too few viewers"
    signed = "" if centre(one) else "+"
    return f"95 % interval {one.low:{signed}.4f} to {one.high:{signed}.4f}".replace("-", "−")
