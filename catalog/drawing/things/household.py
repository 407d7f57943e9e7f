"""Things of a house: light, paper, food, keys, clothes. Each is drawn about (0, 0), some 300 high and wide."""

from math import cos, pi, sin

from catalog.drawing.paint import disc, group, line, oval, path, rect
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.things.edge import edge as _edge


def candle(p: Palette) -> str:
    e = _edge(p)
    return (
        rect(-38, -30, 76, 160, p.paper, e) + path("M-38 -30q-10 60 6 70q14 -4 10 -50z", p.glow)
        + line("M0 -30V-54", p.ink, 8) + path("M0 -160Q64 -80 0 -48Q-64 -80 0 -160Z", p.pop, e)
        + path("M0 -110Q26 -76 0 -56Q-26 -76 0 -110Z", p.accent) + path("M-100 130H100L70 164H-70Z", p.accent, e)
    )  # fmt: skip


def lantern(p: Palette) -> str:
    e = _edge(p)
    return (
        line("M-60 -90Q0 -190 60 -90", p.ink, 12) + path("M-80 -90H80L60 -60H-60Z", p.accent, e)
        + rect(-70, -60, 140, 170, p.pop, e) + path("M0 80Q-44 40 0 -40Q44 40 0 80Z", p.paper)
        + path("M0 76Q-22 46 0 0Q22 46 0 76Z", p.accent) + line("M-24 -60V110M24 -60V110", p.ink, 6)
        + path("M-90 110H90L76 146H-76Z", p.accent, e)
    )  # fmt: skip


def letter(p: Palette) -> str:
    e = _edge(p)
    return (
        rect(-160, -100, 320, 210, p.paper, e) + path("M-160 -100L0 30L160 -100", p.paper, e)
        + line("M-160 110L-40 0M160 110L40 0", p.ink, 6) + disc(0, 30, 36, p.accent, e)
    )  # fmt: skip


def key(p: Palette) -> str:
    e = _edge(p)
    return group(
        disc(0, -100, 66, p.pop, e) + disc(0, -100, 28, p.near, e)
        + path("M-18 -36H18V150H-18ZM18 70H70V104H18ZM18 120H54V150H18Z", p.pop, e), turn=32
    )  # fmt: skip


def umbrella(p: Palette) -> str:
    e = _edge(p)
    return (
        line("M0 -150V120q0 44 -40 44t-36 -36", p.ink, 14)
        + path("M-180 10Q-170 -130 0 -140Q170 -130 180 10Q150 -24 120 10Q90 -24 60 10Q30 -24 0 10Q-30 -24 -60 10Q-90 -24 -120 10Q-150 -24 -180 10Z", p.accent, e)
        + path("M0 -140Q-70 -90 -60 10Q-30 -24 0 10Q30 -24 60 10Q70 -90 0 -140Z", p.pop, e)
    )  # fmt: skip


def clock(p: Palette) -> str:
    e = _edge(p)
    marks = "".join(
        f"M{120 * cos(a):.0f} {120 * sin(a):.0f}L{100 * cos(a):.0f} {100 * sin(a):.0f}"
        for a in (index * pi / 6 for index in range(12))
    )
    return (
        disc(0, 0, 155, p.accent, e)
        + disc(0, 0, 130, p.paper, e)
        + line(marks, p.ink, 9)
        + line("M0 0L0 -88M0 0L56 26", p.ink, 13)
        + disc(0, 0, 14, p.accent)
    )


def book(p: Palette) -> str:
    e = _edge(p)
    lines = "".join(
        f"M-140 {y}Q-80 {y - 20} -30 {y}M30 {y}Q80 {y - 20} 140 {y}" for y in range(-60, 90, 34)
    )
    return (
        path(
            "M0 120Q-90 70 -190 110V-110Q-90 -150 0 -100Q90 -150 190 -110V110Q90 70 0 120Z",
            p.accent,
            e,
        )
        + path(
            "M0 100Q-80 50 -170 86V-110Q-80 -140 0 -90Q80 -140 170 -110V86Q80 50 0 100Z", p.paper, e
        )
        + line("M0 -90V100", p.ink, 6)
        + line(lines, p.far, 6)
    )


def teacup(p: Palette) -> str:
    e = _edge(p)
    return (
        line(
            "M-40 -90q-24 -30 0 -56t0 -56M30 -90q-24 -30 0 -56t0 -56", p.paper, 11, 'opacity="0.8"'
        )
        + line("M104 -20q76 -10 66 40t-90 40", p.ink, 30)
        + line("M104 -20q76 -10 66 40t-90 40", p.paper, 14)
        + path("M-120 -60H120Q124 110 0 116Q-124 110 -120 -60Z", p.paper, e)
        + path("M-118 0H118V34H-112Z", p.accent)
        + oval(0, -60, 120, 22, mix(p.accent, p.ink, 0.4), e)
        + oval(0, 130, 160, 22, p.pop, e)
    )


def basket(p: Palette) -> str:
    e = _edge(p)
    fruit = "".join(
        disc(x, y, 46, mix(p.pop, p.accent, share), e)
        for x, y, share in (
            (-90, -10, 0.2),
            (90, -10, 0.5),
            (0, -20, 0.0),
            (-46, -70, 0.6),
            (50, -74, 0.3),
        )
    )
    return (
        line("M-140 20Q0 -260 140 20", p.ink, 22)
        + line("M-140 20Q0 -260 140 20", mix(p.near, p.pop, 0.5), 10)
        + fruit
        + path("M-160 10H160L120 150H-120Z", mix(p.near, p.pop, 0.45), e)
        + line("M-150 54H150M-136 100H136", p.ink, 7)
    )


def cake(p: Palette) -> str:
    e = _edge(p)
    return (
        rect(-120, 20, 240, 120, p.paper, e)
        + path(
            "M-120 20H120V70q-20 30 -40 0q-20 40 -40 0q-20 30 -40 0q-20 40 -40 0q-20 30 -40 0q-20 30 -40 0z",
            p.accent,
            e,
        )
        + rect(-80, -70, 160, 90, p.pop, e)
        + path("M-80 -70H80V-40q-20 26 -40 0q-20 30 -40 0q-20 30 -40 0q-20 26 -40 0z", p.paper, e)
        + "".join(
            rect(x - 7, -130, 14, 60, p.accent, e)
            + path(f"M{x} -176q24 30 0 44q-24 -14 0 -44z", p.pop, e)
            for x in (-46, 0, 46)
        )
        + oval(0, 146, 170, 20, p.near, e)
    )


def pencil(p: Palette) -> str:
    e = _edge(p)
    return group(
        rect(-32, -150, 64, 230, p.pop, e)
        + line("M-10 -150V80M12 -150V80", p.accent, 7)
        + path("M-32 80H32L0 170Z", p.paper, e)
        + path("M-12 136H12L0 170Z", p.ink)
        + rect(-32, -196, 64, 46, p.accent, e),
        turn=34,
    )


def hat(p: Palette) -> str:
    e = _edge(p)
    return path(
        "M-210 60Q-120 10 -90 20L-70 -110Q-40 -150 0 -116Q40 -150 70 -110L90 20Q120 10 210 60Q120 130 0 120Q-120 130 -210 60Z",
        p.accent,
        e,
    ) + path("M-92 24Q0 60 92 24L86 -20Q0 14 -86 -20Z", p.pop, e)


def flower(p: Palette) -> str:
    e = _edge(p)
    petals = "".join(
        group(oval(0, -78, 38, 60, p.accent, e), move=(0, -60), turn=turn)
        for turn in range(0, 360, 45)
    )
    return (
        line("M0 0Q-20 100 0 200", mix(p.mid, "#3f7a3a", 0.6), 18)
        + path("M-4 130Q-90 60 -130 110Q-70 170 -4 150Z", mix(p.mid, "#3f7a3a", 0.6), e)
        + petals
        + disc(0, -60, 44, p.pop, e)
    )


def crown(p: Palette) -> str:
    e = _edge(p)
    jewels = "".join(disc(x, 90, 16, p.accent, e) for x in (-80, 0, 80))
    return (
        path("M-150 130L-170 -70L-80 10L0 -130L80 10L170 -70L150 130Z", p.pop, e)
        + path("M-150 130L-155 60H155L150 130Z", mix(p.pop, p.ink, 0.2), e)
        + jewels
        + "".join(disc(x, y, 20, p.paper, e) for x, y in ((-170, -78), (0, -140), (170, -78)))
    )


def sword(p: Palette) -> str:
    e = _edge(p)
    return group(
        path("M-20 60V-170L0 -210L20 -170V60Z", p.paper, e)
        + line("M0 50V-170", p.far, 6)
        + rect(-90, 56, 180, 28, p.pop, e)
        + rect(-14, 84, 28, 80, p.accent, e)
        + disc(0, 178, 24, p.pop, e),
        turn=24,
    )
