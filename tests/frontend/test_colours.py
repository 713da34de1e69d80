"""Colour pairs have enough contrast (WCAG 2.2) in the light and the dark theme."""

import re

import pytest

from frontend import build as frontend


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    pairs = [d * 2 for d in digits] if len(digits) == 3 else [digits[i : i + 2] for i in (0, 2, 4)]
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, section 1.4.3."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: str) -> dict[str, str]:
    source = (frontend.ROOT / "frontend" / "css" / "_tokens.scss").read_text(encoding="utf-8")
    dark, light = source.split(":root {", 1)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark if theme == "dark" else light))


PAIRS = [(ink, paper) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "sheet", "sunk")] + [
    *[("accent", paper) for paper in ("paper", "sheet", "accent-soft")],
    *[("danger", paper) for paper in ("paper", "sheet", "danger-soft")],
    *[(f"hl-{name}", "code") for name in ("keyword", "string", "number", "name", "comment", "error")],
    *[("ink", paper) for paper in ("added-strong", "removed-strong", "mark")],
    *[("ink", paper) for paper in ("accent-soft", "warm-soft", "danger-soft")],
    *[("ink-2", paper) for paper in ("added", "removed")],
    ("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("danger-ink", "danger"),
    ("warm", "warm-soft"), ("paper", "ink"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
class TestTheColours:
    @pytest.mark.parametrize(("ink", "paper"), PAIRS)
    def test_have_the_contrast_of_text(self, theme, ink, paper):
        assert contrast(tokens(theme)[ink], tokens(theme)[paper]) >= 4.5

    @pytest.mark.parametrize("paper", ["paper", "sheet"])
    def test_have_the_contrast_of_controls(self, theme, paper):
        assert contrast(tokens(theme)["edge"], tokens(theme)[paper]) >= 3
