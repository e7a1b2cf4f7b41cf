"""What a file of evidence may be, judged by its bytes: never by what its sender says. Pure."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import puremagic

from nrem_intake.evidence.pictures import is_whole_jpeg, is_whole_png
from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.watch import Watch

#: Ending of the name → media type.
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
}

LONGEST_NAME = 150
MOST_MEMBERS = 2000
#: Bytes that an office document may unfold to, and how many times its own size.
LARGEST_UNFOLDED = 200 * 1024 * 1024
MOST_FOLDED = 200

_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_ODT = b"application/vnd.oasis.opendocument.text"

#: What a browser could take for a page; no document of these types begins with it or carries it as plain text.
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|meta\b)", re.IGNORECASE)
#: So far into a file a browser looks for what it is (WHATWG MIME Sniffing: 1445 bytes), and more.
_SNIFFED = 4096


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent and found good."""

    name: str
    media_type: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that is kept, for one member and period; `removed_at` = its bytes are gone since."""

    id: UUID
    period: str
    member: str
    sha256: str
    size: int
    media_type: str
    name: str
    uploaded_at: datetime
    removed_at: datetime | None = None

    @property
    def ref(self) -> str:
        """How a report refers to it."""
        return f"file:{self.id}"


def checked(name: str, content: bytes, limit: int, watch: Watch) -> File:
    """The file, if its name and content are allowed. Raises Unacceptable with every reason.

    `file_name_missing`, `file_name_too_long`, `file_name_characters`, `personal_data` (at `/name`), `file_type`,
    `file_empty`, `evidence_too_large`, `file_content`, `file_active`, `file_unfolds` (at `/file`).
    """
    found = Findings(watch)
    written = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].strip()
    ending = written.rpartition(".")[2].casefold() if "." in written else ""
    _check_name(found, written, ending)
    if not content:
        found.add("/file", "file_empty")
    elif len(content) > limit:
        found.add("/file", "evidence_too_large", limit=str(limit // 1024))
    elif ending in MEDIA_TYPES and (wrong := _wrong(content, ending)):
        found.add("/file", wrong, type=ending.upper())
    if found:
        raise Unacceptable(found.sorted())
    return File(written, MEDIA_TYPES[ending], hashlib.sha256(content).hexdigest(), content)


def _check_name(found: Findings, name: str, ending: str) -> None:
    stem = name.rpartition(".")[0] if "." in name else name
    if not stem.strip(". "):
        found.add("/name", "file_name_missing")
    if len(name) > LONGEST_NAME:
        found.add("/name", "file_name_too_long", limit=str(LONGEST_NAME), given=str(len(name)))
    if any(unicodedata.category(character)[0] == "C" or character in '<>:"|?*' for character in name):
        found.add("/name", "file_name_characters")
    if ending not in MEDIA_TYPES:
        found.add("/file", "file_type", types=", ".join(each.upper() for each in MEDIA_TYPES if each != "jpg"))
    found.guard("/name", re.sub(r"[_.]+", " ", stem))


def _wrong(content: bytes, ending: str) -> str | None:
    """Why the content is not what the name says; null where it is."""
    if ending == "txt":
        return _wrong_text(content)
    if _PAGE.search(content[:_SNIFFED]):
        return "file_active"
    if not _is_like(content, ending):
        return "file_content"
    if ending == "pdf":
        return None if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:] else "file_content"
    if ending == "png":
        return None if is_whole_png(content) else "file_content"
    if ending in ("jpg", "jpeg"):
        return None if is_whole_jpeg(content) else "file_content"
    return _wrong_archive(content, ending)


def _is_like(content: bytes, ending: str) -> bool:
    """Whether the signatures that the file begins with are those of its type."""
    try:
        extensions = {match.extension.lstrip(".").casefold() for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        return False
    wanted = {ending, "zip"} if ending in (*_OFFICE, "odt") else {"jpg", "jpeg"} if ending[0] == "j" else {ending}
    return not wanted.isdisjoint(extensions)


def _wrong_text(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "file_content"
    if any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f" for character in text):
        return "file_content"
    return "file_active" if _PAGE.search(content) else None


def _wrong_archive(content: bytes, ending: str) -> str | None:
    """An office document is a ZIP archive from its first byte to its last, with the parts of its kind."""
    if not content.startswith(b"PK\x03\x04"):
        return "file_content"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or _unfolds(members, len(content)):
                return "file_unfolds"
            if any(_escapes(member.filename) or member.flag_bits & 1 for member in members):
                return "file_content"
            names = {member.filename for member in members}
            if any(name.rpartition("/")[2].casefold() == "vbaproject.bin" for name in names):
                return "file_active"
            return None if _is_document(archive, names, ending) else "file_content"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError):
        return "file_content"


def _unfolds(members: list[zipfile.ZipInfo], size: int) -> bool:
    total = sum(member.file_size for member in members)
    return total > LARGEST_UNFOLDED or total > MOST_FOLDED * size


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _is_document(archive: zipfile.ZipFile, names: set[str], ending: str) -> bool:
    if ending == "odt":
        return "mimetype" in names and archive.read("mimetype")[: len(_ODT) + 1].strip() == _ODT
    return {"[Content_Types].xml", _OFFICE[ending]} <= names
