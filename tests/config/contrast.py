"""How well a colour can be read on another."""

import re


def channels(value, ground):
    """Return a colour's channels from 0 to 1, mixed with what is behind it."""
    share = 1.0
    if mixed := re.fullmatch(r"color-mix\(in srgb, (#\w+) (\d+)%, transparent\)", value):
        value, share = mixed[1], int(mixed[2]) / 100
    digits = value.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    own = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    behind = channels(ground, ground) if share < 1 else own
    return [share * one + (1 - share) * other for one, other in zip(own, behind, strict=True)]


def contrast(one, other, ground):
    """Return the contrast of two colours as WCAG 2 defines it."""

    def luminance(value):
        linear = [
            share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
            for share in channels(value, ground)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
