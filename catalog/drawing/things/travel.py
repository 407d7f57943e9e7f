"""Things that travel, and what guides them. Each is drawn about (0, 0), some 300 high and wide."""

from catalog.drawing.paint import disc, group, line, path, polygon, rect
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.things.edge import edge as _edge


def lighthouse(p: Palette) -> str:
    e = _edge(p)
    return (
        polygon([(0, -120), (-420, -200), (-420, -20)], p.glow, 'opacity="0.45"') + polygon([(0, -120), (420, -200), (420, -20)], p.glow, 'opacity="0.45"')
        + path("M-44 -90H44L70 170H-70Z", p.paper, e) + path("M-50 -30H50L56 30H-56ZM-62 90H62L68 150H-68Z", p.accent)
        + rect(-34, -146, 68, 56, p.pop, e) + path("M-46 -146L0 -196L46 -146Z", p.accent, e)
    )  # fmt: skip


def plane(p: Palette) -> str:
    e = _edge(p)
    return group(
        path(
            "M0 -170Q30 -130 28 -60L180 40V74L28 30L22 110L70 150V172L0 152L-70 172V150L-22 110L-28 30L-180 74V40L-28 -60Q-30 -130 0 -170Z",
            p.paper,
            e,
        )
        + path("M0 -150Q14 -128 16 -104H-16Q-14 -128 0 -150Z", p.accent),
        turn=38,
    )


def rocket(p: Palette) -> str:
    e = _edge(p)
    return group(
        path("M-34 110Q0 230 34 110Z", p.pop, e) + path("M-60 40L-110 120L-50 104ZM60 40L110 120L50 104Z", p.accent, e)
        + path("M0 -180Q84 -90 56 110H-56Q-84 -90 0 -180Z", p.paper, e) + path("M0 -180Q36 -144 50 -96H-50Q-36 -144 0 -180Z", p.accent, e)
        + disc(0, -30, 32, p.low, e), turn=18
    )  # fmt: skip


def telescope(p: Palette) -> str:
    e = _edge(p)
    legs = line("M0 30L-90 180M0 30L90 180M0 30V180", p.ink, 14)
    tube = (
        rect(-150, -34, 120, 68, p.pop, e)
        + rect(-40, -44, 110, 88, p.accent, e)
        + rect(60, -56, 100, 112, p.paper, e)
    )
    return legs + group(tube, turn=-28) + disc(0, 20, 20, p.ink)


def boat(p: Palette) -> str:
    e = _edge(p)
    return (
        line("M0 70V-180", p.ink, 12) + path("M12 -170Q120 -80 130 40H12Z", p.paper, e) + path("M-12 -140Q-90 -60 -104 40H-12Z", p.accent, e)
        + path("M-170 70H170Q150 150 100 160H-100Q-150 150 -170 70Z", p.pop, e) + path("M0 -180l60 18l-60 22z", p.accent)
    )  # fmt: skip


def balloon(p: Palette) -> str:
    e = _edge(p)
    return (
        line("M-70 60L-34 130M70 60L34 130", p.ink, 6)
        + path("M0 -200C150 -200 160 -30 60 70H-60C-160 -30 -150 -200 0 -200Z", p.accent, e)
        + path("M0 -200C70 -200 76 -30 26 70H-26C-76 -30 -70 -200 0 -200Z", p.pop, e)
        + rect(-42, 128, 84, 60, mix(p.near, p.pop, 0.3), e)
    )


def bicycle(p: Palette) -> str:
    wheels = "".join(
        disc(x, 70, 84, "none", f'stroke="{p.ink}" stroke-width="14"')
        + disc(x, 70, 84, "none", f'stroke="{p.paper}" stroke-width="5"')
        for x in (-120, 120)
    )
    return (
        wheels
        + line("M-120 70L-50 -50H80L0 70ZM-50 -50L-4 66M120 70L76 -90L110 -110", p.ink, 22)
        + line("M-120 70L-50 -50H80L0 70ZM-50 -50L0 70M120 70L76 -90L110 -110", p.accent, 13)
        + line("M-80 -74H-26", p.ink, 18)
    )


def train(p: Palette) -> str:
    e = _edge(p)
    puffs = "".join(
        disc(x, y, r, p.paper, 'opacity="0.85"')
        for x, y, r in ((-100, -170, 40), (-50, -205, 54), (20, -220, 46))
    )
    wheels = "".join(disc(x, 140, 38, p.near, e) + disc(x, 140, 12, p.pop) for x in (-110, -10, 90))
    return (
        puffs
        + rect(-130, -110, 50, 80, p.near, e)
        + rect(-170, -40, 240, 150, p.accent, e)
        + rect(50, -110, 130, 220, p.near, e)
        + rect(80, -80, 70, 70, p.pop, e)
        + path("M-170 110L-220 160H-150Z", p.pop, e)
        + disc(-172, 20, 26, p.pop, e)
        + wheels
    )


def bridge(p: Palette) -> str:
    cables = "".join(f"M{x} {-110 + abs(abs(x) - 130) * 0.9:.0f}V90" for x in range(-300, 301, 30))
    towers = rect(-146, -160, 32, 340, p.accent, _edge(p)) + rect(
        114, -160, 32, 340, p.accent, _edge(p)
    )
    return (
        line(cables, p.ink, 5)
        + line("M-330 60Q-230 20 -130 -130Q0 150 130 -130Q230 20 330 60", p.ink, 12)
        + rect(-340, 84, 680, 26, p.pop, _edge(p))
        + towers
    )


def kite(p: Palette) -> str:
    e = _edge(p)
    tail = line("M40 110Q120 150 60 200T90 280", p.ink, 6) + "".join(
        path(f"M{x} {y}l-30 -16v32zM{x} {y}l30 -16v32z", p.accent)
        for x, y in ((84, 160), (64, 220))
    )
    return (
        tail
        + polygon([(-30, -200), (110, -60), (40, 110), (-120, -20)], p.accent, e)
        + polygon([(-30, -200), (110, -60), (-10, -44)], p.pop, e)
        + polygon([(40, 110), (-120, -20), (-10, -44)], p.paper, e)
    )


def moon(p: Palette) -> str:
    e = _edge(p)
    return (
        path("M40 -170A175 175 0 1 0 150 90A140 140 0 1 1 40 -170Z", p.pop, e)
        + "".join(
            disc(x, y, r, mix(p.pop, p.ink, 0.18))
            for x, y, r in ((-100, 10, 24), (-60, 90, 16), (-80, -70, 14), (10, 124, 18))
        )
        + line(
            "M90 -220L190 190M150 -230L250 180M104 -170h62M122 -90h62M140 -10h62M160 70h62",
            p.paper,
            9,
        )
    )


def camera(p: Palette) -> str:
    e = _edge(p)
    return (
        path("M-60 -110H60L80 -70H-80Z", p.near, e) + rect(-160, -76, 320, 196, p.accent, e)
        + rect(-160, -30, 320, 100, p.near, e) + disc(0, 22, 82, p.paper, e) + disc(0, 22, 54, p.ink)
        + disc(-16, 4, 16, p.glow) + rect(90, -62, 44, 24, p.pop, e)
    )  # fmt: skip
