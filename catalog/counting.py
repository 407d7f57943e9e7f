"""A number with its noun, for texts that are in English only. The others use `ngettext`."""


def counted(number: int, noun: str) -> str:
    """Return the number and its noun: “1 day”, “1,200 days”. The plural of `noun` ends in -s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
