"""The attributes of people in published data sets, in this project's names."""

from collections.abc import Mapping

GENDERS: Mapping[str, str] = {"F": "woman", "M": "man"}
# The upper end, in years, of each age band but the last.
AGE_BANDS = ((17, "under-18"), (24, "18-24"), (34, "25-34"), (44, "35-44"), (54, "45-54"))


def movielens_attributes(*, gender: str, age: int) -> dict[str, str]:
    """Return attribute → value for one line of MovieLens' u.user or users.dat.

    `age` is in years (100K) or the first year of a band (1M: 1, 18, 25, 35, 45,
    50, 56; its band 50–55 counts as 45–54). Raises ValueError for another gender than F and
    M, or an age below 1.
    """
    if gender not in GENDERS:
        raise ValueError(f"the gender {gender!r} is neither F nor M")
    if age < 1:
        raise ValueError(f"the age {age} is not a number of years")
    band = next((name for limit, name in AGE_BANDS if age <= limit), "55-and-over")
    return {"gender": GENDERS[gender], "age_band": band}
