"""Text of others on a terminal: shown, never obeyed.

An escape sequence in a cell could clear the screen, write to the clipboard (OSC 52) or draw what is not
there; marks of direction could make a name read as another.
"""

_HARMLESS = "\n\t"
_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in _HARMLESS} | {0x7F: 0x2421}
"""The pictures of control characters, as ␛ for ESC."""
_C1 = dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F], 0xFFFD)
_SHOWN = _CONTROLS | _C1 | _DIRECTIONS


def for_terminal(text: str) -> str:
    """Return the text with each control character as a visible sign; line breaks and tabs stay."""
    return text if text.isprintable() else text.translate(_SHOWN)
