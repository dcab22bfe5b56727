"""Letters that lost their way: UTF-8 that was read by another charset."""

import re

# UTF-8 read as Windows-1252 or ISO 8859-1: what the commonest punctuation and letters become.
_SIGNS = (
    "â€", "Ã©", "Ã¨", "Ã¼", "Ã¶", "Ã¤", "Ã±", "Ã³", "Ã¡", "Ã\xad", "Ã§", "Ã£", "Ã¸", "Ã¥",
    "Ð°", "Ð¾", "Ð¸", "Ø§", "Ù„", "à¤", "Î±",
)  # fmt: skip
_FIRST = frozenset(sign[0] for sign in _SIGNS)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_BYTES = {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0x100)} | {
    code: code for code in range(0x80, 0x100)
}


def is_misread(shown: str) -> bool:
    """Whether shown text holds what UTF-8 looks like when it is read as a charset of single bytes."""
    if shown.isascii() or not any(letter in shown for letter in _FIRST):
        return False
    return any(sign in shown for sign in _SIGNS)


def repaired(text: str) -> str:
    """UTF-8 that was read as a charset of single bytes, read again; only where the whole text allows no other reading.

    Every run of letters beyond ASCII must turn into UTF-8 without a rest: one honest "é", and nothing is touched.
    """
    try:
        return _FOREIGN.sub(_reread, text)
    except ValueError:
        return text


def _reread(run: re.Match[str]) -> str:
    """The run as the UTF-8 that its letters' bytes are. Raises ValueError where they are none."""
    codes = [_BYTES.get(ord(letter), -1) for letter in run[0]]
    return bytes(codes).decode("utf-8")
