"""A file is what its bytes are: documents and pictures are taken, what hides behind their names is not."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from nrem_intake.evidence.domain import File, checked
from nrem_intake.evidence.keeping import Folder, Lost
from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.watch import STRICT

pytestmark = pytest.mark.unit

LIMIT = 1024 * 1024


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + chunk(b"IEND")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda\x00\x02\x01\x02\xff\xd9"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def archive(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


TYPES = {"[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="x"/>', "_rels/.rels": b"<Relationships/>"}
DOCX = archive(**TYPES, **{"word/document.xml": b"<w:document/>"})
XLSX = archive(**TYPES, **{"xl/workbook.xml": b"<workbook/>"})
ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<office/>"})


def refused(name: str, content: bytes, limit: int = LIMIT) -> list[tuple[str, str]]:
    with pytest.raises(Unacceptable) as error:
        checked(name, content, limit, STRICT)
    return [(one.pointer, one.code) for one in error.value.errors]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Apraksts.pdf", PDF, "application/pdf"),
        ("attēls.PNG", PNG, "image/png"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("Ziņojums 2026.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("tabula.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("teksts.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("piezīmes.txt", "Mācības notika 3. septembrī.\n".encode(), "text/plain"),
    ],
)
def test_documents_and_pictures_are_taken(name: str, content: bytes, media_type: str) -> None:
    file = checked(name, content, LIMIT, STRICT)
    assert (file.name, file.media_type, len(file.sha256)) == (name, media_type, 64)


def test_only_the_name_is_kept_of_a_path() -> None:
    file: File = checked("C:\\Users\\kāds\\..\\Apraksts.pdf", PDF, LIMIT, STRICT)
    assert file.name == "Apraksts.pdf"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("lapa.html", b"<!doctype html><script>alert(1)</script>", "file_type"),
        ("programma.exe", b"MZ\x90\x00", "file_type"),
        ("attēls.svg", b"<svg xmlns='x'/>", "file_type"),
        ("lapa.txt", b"Sveiki <script>alert(1)</script>", "file_active"),
        ("lapa.pdf", b"<html><script>1</script>%PDF-1.7\n%%EOF", "file_active"),
        ("lapa2.pdf", PDF.replace(b"1 0 obj", b"<script>1</script>"), "file_active"),
        ("lapa.png", PNG[:-12] + chunk(b"tEXt", b"x\x00<script>alert(1)</script>") + chunk(b"IEND"), "file_active"),
        ("aste.png", PNG + b"PK\x03\x04", "file_content"),
        ("aste.jpg", JPEG + b"%PDF-1.7", "file_content"),
        ("cits.pdf", PNG, "file_content"),
        ("cits.docx", XLSX, "file_content"),
        ("cits.xlsx", archive(**{"a.txt": b"a"}), "file_content"),
        ("priekšā.docx", b"MZ" + DOCX, "file_content"),
        ("bojāts.docx", DOCX[: len(DOCX) // 2], "file_content"),
        ("binārs.txt", b"\x00\x01\x02", "file_content"),
        ("latin.txt", "ā".encode("iso-8859-4"), "file_content"),
        ("makro.docx", archive(**TYPES, **{"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}), "file_active"),
        ("ceļš.docx", archive(**TYPES, **{"word/document.xml": b"<w/>", "../../x": b"x"}), "file_content"),
        ("tukšs.pdf", b"", "file_empty"),
    ],
)
def test_what_hides_behind_a_name_is_refused(name: str, content: bytes, code: str) -> None:
    assert refused(name, content) == [("/file", code)]


def test_a_zip_bomb_is_refused_without_being_unfolded() -> None:
    bomb = archive(**TYPES, **{"word/document.xml": b"0" * 40_000_000})
    assert len(bomb) < LIMIT
    assert refused("bumba.docx", bomb) == [("/file", "file_unfolds")]


def test_too_large_is_told() -> None:
    assert refused("liels.pdf", PDF + b" " * 100, 100) == [("/file", "evidence_too_large")]


def test_every_reason_is_told_at_once() -> None:
    found = refused("161175-19997 tel. 29123456.html", b"<html>")
    assert found == [("/file", "file_type"), ("/name", "personal_data"), ("/name", "personal_data")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".pdf", "file_name_missing"),
        ("a\u202egpj.pdf", "file_name_characters"),
        ("x" * 200 + ".pdf", "file_name_too_long"),
    ],
)
def test_names_that_mislead_are_refused(name: str, code: str) -> None:
    assert refused(name, PDF) == [("/name", code)]


def test_the_same_bytes_are_kept_once_and_checked_when_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "evidence")
    file = checked("Apraksts.pdf", PDF, LIMIT, STRICT)
    folder.put(file.sha256, PDF)
    folder.put(file.sha256, PDF)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file.sha256]
    assert folder.get(file.sha256) == PDF
    folder.place(file.sha256).write_bytes(b"changed")
    with pytest.raises(Lost):
        folder.get(file.sha256)
    folder.remove(file.sha256)
    folder.remove(file.sha256)
    with pytest.raises(Lost):
        folder.get(file.sha256)
    with pytest.raises(ValueError, match="no SHA-256"):
        folder.place("../../etc/passwd")
