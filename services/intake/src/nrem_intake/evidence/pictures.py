"""Whether a picture is a picture from its first byte to its last, so that nothing hides behind it. Pure."""

from __future__ import annotations

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME = 12  # bytes of a chunk's length, name and check sum

#: Markers of JPEG that stand alone, without a length (ITU-T T.81): TEM, RST0 to RST7.
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END = 0xDA, 0xD9


def is_whole_png(content: bytes) -> bool:
    """Chunk after chunk, from IHDR to IEND, and nothing behind it."""
    if not content.startswith(_PNG):
        return False
    at, first = len(_PNG), True
    while at + _FRAME <= len(content):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if first and name != b"IHDR":
            return False
        at, first = at + _FRAME + length, False
        if name == b"IEND":
            return at == len(content)
    return False


def is_whole_jpeg(content: bytes) -> bool:
    """Segment after segment to the first scan, and the end of the image at the end of the file."""
    if not content.startswith(b"\xff\xd8\xff") or not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return False
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return False
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
        elif marker == _START_OF_SCAN:
            return True
        elif marker == _END:
            return False
        else:
            at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    return False
