"""Light and dark: by the system's wish, or as chosen in *View*."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Role = QPalette.ColorRole
LIGHT = {
    Role.Window: "#f5f6f8", Role.WindowText: "#1b1f27", Role.Base: "#ffffff", Role.AlternateBase: "#f0f2f5", Role.Text: "#1b1f27",
    Role.Button: "#fdfdfe", Role.ButtonText: "#1b1f27", Role.ToolTipBase: "#1b1f27", Role.ToolTipText: "#ffffff",
    Role.PlaceholderText: "#6c7482", Role.Highlight: "#2f5fd0", Role.HighlightedText: "#ffffff", Role.Link: "#2450b8",
    Role.LinkVisited: "#2450b8", Role.BrightText: "#b3261e", Role.Mid: "#ccd1d9", Role.Midlight: "#e4e7ec", Role.Dark: "#a7adb8",
    Role.Light: "#ffffff", Role.Shadow: "#8a909c",
}  # fmt: skip
DARK = {
    Role.Window: "#1b1e25", Role.WindowText: "#e8eaef", Role.Base: "#14171c", Role.AlternateBase: "#20242c", Role.Text: "#e8eaef",
    Role.Button: "#2a2f39", Role.ButtonText: "#e8eaef", Role.ToolTipBase: "#e8eaef", Role.ToolTipText: "#14171c",
    Role.PlaceholderText: "#9aa2b1", Role.Highlight: "#4a7bec", Role.HighlightedText: "#ffffff", Role.Link: "#8fb2ff",
    Role.LinkVisited: "#8fb2ff", Role.BrightText: "#ff8a80", Role.Mid: "#3b424f", Role.Midlight: "#2f3540", Role.Dark: "#0e1014",
    Role.Light: "#3b424f", Role.Shadow: "#000000",
}  # fmt: skip
# Surfaces that say how things stand: (background, ink) in light and in dark.
TONES = {
    "good": (("#e3f3e8", "#17512b"), ("#173524", "#b5e6c5")),
    "note": (("#e6edfb", "#1d3e8a"), ("#1d2c4d", "#c5d7ff")),
    "warn": (("#fdf0d5", "#6b4700"), ("#3b2f14", "#f5d999")),
    "bad": (("#fbe4e2", "#8c1d18"), ("#43201f", "#ffc2bd")),
}
ITEMS = """
    QAbstractItemView { border: 1px solid palette(mid); border-radius: 6px; outline: 0; padding: 4px; }
    QAbstractItemView::item { padding: 5px 8px; border-radius: 5px; color: palette(text); }
    QAbstractItemView::item:selected { background: palette(highlight); color: palette(highlighted-text); }
"""
SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def is_dark(wish: str) -> bool:
    if wish == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return wish == "dark"


def dress(program: QApplication, wish: str, accent: str = "") -> None:
    """Colours of the whole program, with an accent colour of one's own (`#2F6FDE`). The disabled ones stay readable."""
    program.setStyle("Fusion")
    dark = is_dark(wish)
    palette = QPalette()
    for role, colour in (DARK if dark else LIGHT).items():
        palette.setColor(role, QColor(colour))
    own = QColor(accent)
    if own.isValid():
        palette.setColor(Role.Highlight, own)
        palette.setColor(Role.HighlightedText, QColor("#ffffff" if own.lightnessF() < 0.6 else "#14171c"))
    faint = QColor("#7f8795" if dark else "#868d99")
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    program.setPalette(palette)
    program.setProperty("dark", dark)


def tone(name: str) -> tuple[str, str]:
    """Background and ink of a surface, in the present theme."""
    program = QApplication.instance()
    light, dark = TONES[name]
    return dark if program is not None and program.property("dark") else light
