"""Lists of hashes, records in CSV, pages of StopNCII.org: strict and tolerant readers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ownprint import _ownprint
from ownprint._record import record_of
from ownprint._types import FingerprintRecord, PerceptualHash

if TYPE_CHECKING:
    from ownprint._input import BytesLike

__all__ = [
    "CsvTable",
    "ListReader",
    "ListedHash",
    "SkippedRow",
    "SkippedRows",
    "TolerantList",
    "read_csv",
    "read_list",
    "read_list_tolerant",
    "read_stopncii_page",
    "read_stopncii_page_tolerant",
    "threatexchange_line",
    "write_stopncii_page",
]


@dataclass(frozen=True, slots=True)
class ListedHash:
    """One hash of a list."""

    algorithm: str
    """The stable name of the algorithm."""
    hash: str
    """The hash in hexadecimal digits."""
    quality: int | None
    """The quality, if the list states it."""
    name: str | None
    """The path or name, if the list states it."""
    line: int
    """The number of its line, from 1."""
    variant: str | None = None
    """The variant of the image whose hash this is, in a record with variants."""


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row of a list, or a record of a page, that was skipped because it is invalid."""

    line: int
    """The line of the error, from 1."""
    column: int
    """The character in that line, from 1."""
    code: str
    """The stable code of the error."""
    message: str
    """What is wrong, and what is expected."""


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """The rows that were skipped."""

    count: int
    """The number of all of them."""
    rows: tuple[SkippedRow, ...]
    """The first 1,000, in order."""


@dataclass(frozen=True, slots=True)
class TolerantList:
    """The valid hashes of a list, and the rows that were skipped."""

    hashes: list[ListedHash]
    """The hashes, in order."""
    skipped: SkippedRows
    """The rows that were skipped."""


class ListReader:
    """Reads a list in chunks, cut anywhere. No more than one record is in memory.

    >>> import ownprint
    >>> reader = ownprint.ListReader()
    >>> reader.update(b"pdq " + b"0f" * 32 + b"\\npdq")[0].line
    1
    >>> reader.update(b" " + b"f0" * 32)
    []
    >>> reader.finalize().hashes[0].line
    2
    """

    __slots__ = ("_core",)

    def __init__(self, *, skip_invalid: bool = False) -> None:
        """Create a reader that detects the form of the list. `skip_invalid` skips invalid rows
        instead of raising `RecordError`."""
        self._core = _ownprint.ListReader(skip_invalid)

    def update(self, data: BytesLike) -> list[ListedHash]:
        """Add the next bytes, and return the hashes that they complete."""
        return [ListedHash(*hash) for hash in self._core.update(data)]

    def finalize(self) -> TolerantList:
        """End the list, and return the hashes that its last line completes, and the rows that were
        skipped."""
        return _tolerant(*self._core.finalize())


def read_list(data: BytesLike) -> list[ListedHash]:
    """Return the hashes of a list, in its order.

    A list is JSON lines or CSV as the command line writes them, lines `pdq HASH` of an exchange,
    lines `HASH,QUALITY,NAME` of pdq-photo-hasher, or a page of StopNCII.org. Every departure from
    the form raises `RecordError`, with line and column.

    >>> import ownprint
    >>> ownprint.read_list(b"pdq " + b"0f" * 32)[0].algorithm
    'pdq'
    """
    return [ListedHash(*hash) for hash in _ownprint.read_list(data)]


def read_list_tolerant(data: BytesLike) -> TolerantList:
    """Return the hashes of a list as `read_list` does, but skip invalid rows.

    Errors that concern the whole list remain, such as an unknown form.

    >>> import ownprint
    >>> found = ownprint.read_list_tolerant(b"pdq " + b"0f" * 32 + b"\\npdq 0f")
    >>> len(found.hashes), found.skipped.rows[0].line
    (1, 2)
    """
    return _tolerant(*_ownprint.read_list_tolerant(data))


def _tolerant(hashes: list[Any], skipped: tuple[int, list[Any]]) -> TolerantList:
    return TolerantList([ListedHash(*hash) for hash in hashes], _skipped(skipped))


def _skipped(skipped: tuple[int, list[Any]]) -> SkippedRows:
    return SkippedRows(skipped[0], tuple(SkippedRow(*row) for row in skipped[1]))


def threatexchange_line(hash: PerceptualHash) -> str | None:
    """Return the line `pdq HASH` by which ThreatExchange accepts a hash, without a line break.

    Returns `None` for other algorithms, and for a quality that exchanges discard.

    >>> import ownprint
    >>> ownprint.threatexchange_line(ownprint.PerceptualHash("pdq", ("0f" * 32,), 49)) is None
    True
    """
    if len(hash.values) != 1:
        return None
    return _ownprint.threatexchange_line(hash.algorithm, hash.values[0], hash.quality)


class CsvTable:
    """Writes records as the rows of a CSV table, with columns for these hashes and digests.

    >>> import ownprint
    >>> table = ownprint.CsvTable(["md5"])
    >>> table.header()[-38:]
    'md5,warnings,error_code,error_message\\n'
    """

    __slots__ = ("_escape_formulas", "_names", "_variants")

    def __init__(
        self,
        algorithms: Iterable[str],
        *,
        variants: str | Iterable[str] | None = None,
        escape_formulas: bool = False,
    ) -> None:
        """Set the columns. `escape_formulas` puts an apostrophe before a path or message that a
        spreadsheet would take for a formula."""
        self._names = list(algorithms)
        if isinstance(variants, str):
            variants = [variants]
        self._variants = None if variants is None else list(variants)
        self._escape_formulas = escape_formulas

    def header(self) -> str:
        """Return the header, with its line break."""
        return _ownprint.csv_header(self._names, self._variants, self._escape_formulas)

    def row(self, record: FingerprintRecord) -> str:
        """Return the row of a record, with its line break. Hashes and digests without a column are
        skipped."""
        text = record.to_json()
        return _ownprint.csv_row(self._names, text, self._variants, self._escape_formulas)


def read_csv(data: BytesLike) -> list[FingerprintRecord]:
    """Return the records of a CSV table, in its order. Raises `RecordError`."""
    return [record_of(FingerprintRecord, json.loads(text)) for text in _ownprint.read_csv(data)]


def read_stopncii_page(text: str) -> dict[str, Any]:
    """Return a page of StopNCII.org, checked strictly, with the members of its JSON.

    Unknown members are dropped. Raises `RecordError`, with line and column.
    """
    page: dict[str, Any] = json.loads(_ownprint.read_stopncii_page(text, False)[0])
    return page


def read_stopncii_page_tolerant(text: str) -> tuple[dict[str, Any], SkippedRows]:
    """Return a page as `read_stopncii_page` does without its invalid records, and what is wrong
    with those."""
    page, skipped = _ownprint.read_stopncii_page(text, True)
    return json.loads(page), _skipped(skipped)


def write_stopncii_page(page: dict[str, Any]) -> str:
    """Return a page as JSON on one line, checked strictly."""
    return _ownprint.write_stopncii_page(json.dumps(page))
