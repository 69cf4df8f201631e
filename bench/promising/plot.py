"""A reliability diagram: what was promised against what was kept, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

SIZE, LEFT, TOP = 360, 64, 24
WIDTH, HEIGHT = LEFT + SIZE + 24, TOP + SIZE + 56
INK, LIGHT, MEAN = "#444444", "#9db8d2", "#1f5f99"


def reliability(shares: Sequence[float], curves: Sequence[Sequence[float]]) -> str:
    """Draw one line for each company, and their mean.

    :param shares: of the lines that were to be kept
    :param curves: for each company, the shares that were
    """
    average = [mean(kept) for kept in zip(*curves, strict=True)]
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_grid(),
        _line([0, 1], [0, 1], INK, 1, 'stroke-dasharray="4 4"'),
        *(_line(shares, curve, LIGHT, 1) for curve in curves),
        _line(shares, average, MEAN, 2.5),
        *(
            f'<circle cx="{_x(share):.1f}" cy="{_y(kept):.1f}" r="3" fill="{MEAN}"/>'
            for share, kept in zip(shares, average, strict=True)
        ),
        *_words(),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _x(share: float) -> float:
    return LEFT + share * SIZE


def _y(share: float) -> float:
    return TOP + (1 - share) * SIZE


def _line(
    shares: Sequence[float],
    kept: Sequence[float],
    colour: str,
    width: float,
    more: str = "",
) -> str:
    points = " ".join(
        f"{_x(x):.1f},{_y(y):.1f}" for x, y in zip(shares, kept, strict=True)
    )
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" '
        f'stroke-width="{width}" {more}/>'
    )


def _grid() -> list[str]:
    drawn = []
    for tenth in range(0, 11, 2):
        share, text = tenth / 10, f"{10 * tenth} %"
        for xs, ys in (((0, 1), (share, share)), ((share, share), (0, 1))):
            drawn.append(_line(xs, ys, "#e4e4e4", 1))
        drawn.append(_text(_x(share), TOP + SIZE + 18, text))
        drawn.append(_text(LEFT - 8, _y(share) + 4, text, "end"))
    return drawn


def _words() -> list[str]:
    middle = TOP + SIZE / 2
    return [
        _text(LEFT + SIZE / 2, HEIGHT - 14, "promised: share of lines by that day"),
        f'<g transform="rotate(-90 16 {middle})">'
        f"{_text(16, middle, 'kept: share of lines that came')}</g>",
        _text(_x(0.03), _y(0.95), "blue: mean of the companies", "start", MEAN),
        _text(_x(0.03), _y(0.90), "light: one company each", "start"),
        _text(_x(0.03), _y(0.85), "dashed: as promised", "start"),
    ]


def _text(
    x: float, y: float, text: str, anchor: str = "middle", colour: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'fill="{colour}">{text}</text>'
    )
