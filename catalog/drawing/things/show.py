"""Things of stage and fair, and creatures. Each is drawn about (0, 0), some 300 high and wide."""

from math import cos, pi, sin

from catalog.drawing.paint import disc, group, line, oval, path, polygon, rect
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.things.edge import edge as _edge


def mask(p: Palette) -> str:
    e = _edge(p)
    face = "M-100 -110Q0 -150 100 -110Q130 60 0 140Q-130 60 -100 -110Z"
    laugh = path(face, p.pop, e) + path(
        "M-64 -40q24 -34 48 0q-24 -10 -48 0zM16 -40q24 -34 48 0q-24 -10 -48 0zM-56 30Q0 120 56 30Q0 54 -56 30Z",
        p.ink,
    )
    weep = path(face, p.accent, e) + path(
        "M-64 -44q24 30 48 4q-24 0 -48 -4zM16 -40q24 26 48 -4q-24 6 -48 4zM-50 84Q0 0 50 84Q0 54 -50 84Z",
        p.ink,
    )
    return group(weep, move=(80, 20), turn=14, scale=0.9) + group(laugh, move=(-64, -20), turn=-12)


def fireworks(p: Palette) -> str:
    made = ""
    for x, y, r, colour in (
        (0, -40, 170, p.pop),
        (-150, 70, 90, p.accent),
        (150, 90, 100, p.paper),
    ):
        made += line(
            "".join(
                f"M{x + r * 0.3 * cos(a):.0f} {y + r * 0.3 * sin(a):.0f}L{x + r * cos(a):.0f} {y + r * sin(a):.0f}"
                for a in (index * pi / 8 for index in range(16))
            ),
            colour,
            r * 0.07,
        )
    return made


def violin(p: Palette) -> str:
    e = _edge(p)
    body = "M0 -50C80 -60 80 10 50 40C50 60 100 70 96 120C90 190 -90 190 -96 120C-100 70 -50 60 -50 40C-80 10 -80 -60 0 -50Z"
    return group(
        rect(-12, -200, 24, 170, p.ink)
        + path(body, p.accent, e)
        + line("M-5 -190V120M5 -190V120", p.paper, 3)
        + rect(-26, 90, 52, 50, p.ink)
        + line("M-48 70q-14 20 0 40M48 70q14 -20 0 40", p.ink, 7)
        + line("M130 -180L-150 130", p.ink, 12)
        + line("M130 -180L-150 130", p.pop, 5),
        turn=20,
    )


def guitar(p: Palette) -> str:
    e = _edge(p)
    return group(
        rect(-16, -220, 32, 200, p.near, e)
        + path(
            "M0 -40C90 -50 80 20 60 44C110 70 110 170 0 176C-110 170 -110 70 -60 44C-80 20 -90 -50 0 -40Z",
            p.pop,
            e,
        )
        + disc(0, 60, 34, p.ink)
        + line("M-6 -210V130M6 -210V130", p.paper, 3)
        + rect(-36, 120, 72, 18, p.ink)
        + rect(-28, -244, 56, 50, p.accent, e),
        turn=28,
    )


def star(p: Palette) -> str:
    points = [
        (r * sin(index * pi / 5), -r * cos(index * pi / 5)) for index, r in enumerate([180, 78] * 5)
    ]
    return polygon(points, p.pop, _edge(p)) + polygon(
        [(x * 0.55, y * 0.55) for x, y in points], p.accent
    )


def microphone(p: Palette) -> str:
    e = _edge(p)
    return group(
        path("M-34 -20H34L22 190H-22Z", p.near, e)
        + disc(0, -84, 84, p.paper, e)
        + line(
            "M-60 -130L60 -40M-74 -90L20 -20M-20 -150L74 -80M60 -130L-60 -40M74 -90L-20 -20",
            p.far,
            6,
        )
        + rect(-52, -24, 104, 34, p.accent, e),
        turn=24,
    )


def gramophone(p: Palette) -> str:
    e = _edge(p)
    return (
        path("M0 40Q40 -60 -40 -100L-150 -180Q60 -240 120 -90Q110 -10 30 50Z", p.pop, e)
        + oval(-16, -136, 140, 60, p.accent, f'transform="rotate(-22 -16 -136)" {e}')
        + rect(-110, 60, 230, 84, p.near, e)
        + oval(0, 60, 96, 16, p.ink)
    )


def scarecrow(p: Palette) -> str:
    e = _edge(p)
    return (
        line("M0 -60V190M-170 -10H170", mix(p.near, p.pop, 0.2), 20) + path("M-130 -34H130L120 30L70 24L80 130L40 110L0 140L-40 110L-80 130L-70 24L-120 30Z", p.accent, e)
        + disc(0, -90, 56, p.paper, e) + line("M-30 -104l16 16m0 -16l-16 16M14 -104l16 16m0 -16l-16 16M-26 -62q26 16 52 0", p.ink, 7)
        + path("M-96 -126H96L50 -146L26 -206L-40 -196L-52 -146Z", p.near, e)
    )  # fmt: skip


def bird(p: Palette) -> str:
    e = _edge(p)
    return (
        path(
            "M-180 -20Q-90 -150 0 -20Q90 -150 200 -60Q150 -40 110 20Q60 100 -40 80L-110 130L-90 60Q-60 30 -180 -20Z",
            p.paper,
            e,
        )
        + path("M0 -20Q50 40 110 20", "none", e)
        + disc(150, -56, 8, p.ink)
        + path("M196 -62l44 8l-40 18z", p.pop, e)
        + rect(-20, 78, 60, 40, p.accent, e)
    )


def horse(p: Palette) -> str:
    return group(
        path(
            "M-70 180Q-110 20 -30 -70L-44 -150L0 -110Q70 -110 110 -20L150 50Q150 90 110 84L50 50Q60 110 90 180Z",
            p.accent,
            _edge(p),
        )
        + path("M-40 -140Q-150 -60 -110 180H-60Q-96 20 -20 -80Z", p.ink)
        + disc(56, -40, 10, p.ink)
        + disc(130, 56, 6, p.ink)
        + line("M20 40Q70 0 96 -60M40 20L130 90", p.pop, 9),
        scale=1.05,
    )


def fish(p: Palette) -> str:
    e = _edge(p)
    return (
        path("M90 0L190 -90Q170 0 190 90Z", p.pop, e)
        + path("M-30 -80Q20 -150 80 -60Z", p.pop, e)
        + path("M-180 0Q-60 -130 110 0Q-60 130 -180 0Z", p.accent, e)
        + line("M-70 -60Q-40 0 -70 60M-20 -30q20 30 0 60M30 -20q16 20 0 40", p.paper, 10)
        + disc(-112, -16, 20, p.paper, e)
        + disc(-116, -16, 9, p.ink)
    )


def duck(p: Palette) -> str:
    e = _edge(p)
    return (
        path(
            "M-180 10Q-150 30 -90 10Q-60 -20 -30 10L110 20Q150 150 -20 150Q-180 150 -180 10Z",
            p.pop,
            e,
        )
        + disc(76, -60, 84, p.pop, e)
        + path("M-90 60Q-10 0 30 70Q-20 120 -90 60Z", p.paper, e)
        + path("M146 -70Q230 -70 216 -36Q170 -20 140 -34Z", p.accent, e)
        + disc(96, -82, 13, p.ink)
        + path("M10 -132H140L120 -150V-214H36V-150Z", p.ink)
    )


def fox(p: Palette) -> str:
    e = _edge(p)
    return (
        path("M-150 -150L-60 -90H60L150 -150L140 0L0 150L-140 0Z", p.accent, e)
        + path("M-140 0L0 150L140 0L50 20L0 110L-50 20Z", p.paper, e)
        + path("M-70 -30l50 26l-46 10zM70 -30l-50 26l46 10z", p.ink)
        + disc(0, 134, 20, p.ink)
        + polygon([(-140, -136), (-66, -90), (-124, -60)], p.ink)
        + polygon([(140, -136), (66, -90), (124, -60)], p.ink)
    )


def tree(p: Palette) -> str:
    e = _edge(p)
    green = mix(p.mid, "#4d8a3c", 0.55)
    return (
        path("M-30 190L-20 20L-80 -40M20 20L30 190Z", mix(p.near, p.pop, 0.2), e)
        + "".join(
            disc(x, y, r, green, e)
            for x, y, r in (
                (-110, -40, 80),
                (110, -40, 80),
                (-50, -120, 84),
                (60, -120, 84),
                (0, -40, 90),
            )
        )
        + "".join(
            disc(x, y, r - 6, green)
            for x, y, r in (
                (-110, -40, 80),
                (110, -40, 80),
                (-50, -120, 84),
                (60, -120, 84),
                (0, -40, 90),
            )
        )
        + rect(-56, -70, 112, 76, p.pop, e)
        + path("M-76 -66L0 -130L76 -66Z", p.accent, e)
        + rect(-16, -44, 32, 50, p.ink)
    )
