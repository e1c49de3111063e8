"""Results as a RecordBatch of Apache Arrow, and back. pyarrow is imported when it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from ownprint._capabilities import capabilities, hash_info
from ownprint._errors import RecordError
from ownprint._extras import extra
from ownprint._fingerprinter import default_fingerprinter
from ownprint._types import (
    Diagnostic,
    Digest,
    Fingerprint,
    FingerprintRecord,
    PerceptualHash,
)

if TYPE_CHECKING:
    import pyarrow

    from ownprint._many import FileResult

__all__ = ["from_arrow", "read_parquet", "to_arrow"]

# Rows that are converted at once.
_ROWS = 1024
# The longest path of a row, in bytes; repeated ones take little of a file, and much memory.
_PATH_BYTES = 32_768


def to_arrow(
    results: Iterable[FileResult], algorithms: Iterable[str] | None = None
) -> pyarrow.RecordBatch:
    """Return results of `fingerprint_many` as a RecordBatch of pyarrow, one row for each file.

    Columns: `index`, `path` (null for files that were not passed as a path); for each hash its
    name, of the type `FixedSizeBinary`, or a list of it if an image has several; its name with
    `_quality`; for each digest its name; `warnings`, a list of codes; `error_code`. The columns
    depend only on `algorithms`, which are the names of the default fingerprinter if they are
    `None`. `vpdq` has no column. Parts of a path that are not UTF-8 are replaced.

    >>> import ownprint
    >>> batch = ownprint.to_arrow(ownprint.fingerprint_many([b"not an image"]))
    >>> batch.schema.field("pdq").type, batch["pdq"].null_count
    (FixedSizeBinaryType(fixed_size_binary[32]), 1)
    """
    with extra("arrow"):
        import pyarrow as pa

    names = tuple(algorithms) if algorithms is not None else default_fingerprinter().algorithms
    rows = [(result, result.fingerprint) for result in results]
    columns: dict[str, Any] = {
        "index": pa.array([result.index for result, _ in rows], pa.int64()),
        "path": pa.array([_utf8(result.path) for result, _ in rows], pa.string()),
    }
    digest_bytes = _digest_bytes()
    fingerprints = [fingerprint for _, fingerprint in rows]
    for name in names:
        if name == "vpdq":
            continue
        if name in digest_bytes:
            binary = pa.binary(digest_bytes[name])
            columns[name] = pa.array([_digest(it, name) for it in fingerprints], binary)
            continue
        info = hash_info(name)
        binary = pa.binary(_hash_bytes(info.bits))
        kind = binary if info.hashes == 1 else pa.list_(binary)
        values = [_values(it, name) for it in fingerprints]
        if info.hashes == 1:
            values = [None if value is None else value[0] for value in values]
        columns[name] = pa.array(values, kind)
        qualities = [_quality(it, name) for it in fingerprints]
        columns[f"{name}_quality"] = pa.array(qualities, pa.uint8())
    warnings = [_warnings(fingerprint) for fingerprint in fingerprints]
    columns["warnings"] = pa.array(warnings, pa.list_(pa.string()))
    columns["error_code"] = pa.array([result.error_code for result, _ in rows], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _digest_bytes() -> dict[str, int]:
    return {digest.name: digest.bits // 8 for digest in capabilities().digests}


def _digits(bits: int) -> int:
    return -(-bits // 4)


def _hash_bytes(bits: int) -> int:
    # Whole bytes; an odd number of hexadecimal digits gets a leading zero.
    return (_digits(bits) + 1) // 2


def _utf8(path: str | None) -> str | None:
    # Bytes that are not UTF-8 are surrogates in Python, which Arrow does not accept.
    return None if path is None else os.fsencode(path).decode("utf-8", "replace")


def _warnings(fingerprint: Fingerprint | None) -> list[str]:
    return [] if fingerprint is None else [warning.code for warning in fingerprint.warnings]


def _digest(fingerprint: Fingerprint | None, name: str) -> bytes | None:
    digest = None if fingerprint is None else fingerprint.digest(name)
    return None if digest is None else bytes.fromhex(digest)


def _values(fingerprint: Fingerprint | None, name: str) -> Any:
    hash = None if fingerprint is None else fingerprint.hash(name)
    if hash is None:
        return None
    return [bytes.fromhex(value.zfill(len(value) + len(value) % 2)) for value in hash.values]


def _quality(fingerprint: Fingerprint | None, name: str) -> int | None:
    hash = None if fingerprint is None else fingerprint.hash(name)
    return None if hash is None else hash.quality


def from_arrow(data: Any) -> Iterator[FingerprintRecord]:
    """Return the records in a table with the columns of `to_arrow`, one by one.

    `data` is a RecordBatch, a Table, a RecordBatchReader, or an iterable of batches. Columns may be
    missing, and columns with other names are ignored; one of them must be a hash or a digest. Its
    values are bytes of the exact length, in any binary type: engines have no type of a fixed
    length. Records have no facts about the image, and the code of an error is its message, too.

    Raises `RecordError`, whose `line` is the number of the row, from 1.

    >>> import ownprint
    >>> batch = ownprint.fingerprint_many([b"not an image"]).to_arrow()
    >>> [record.digest("md5")[:8] for record in ownprint.from_arrow(batch)]
    ['f4d3390e']
    """
    row = 0
    for batch in _batches(data):
        for start in range(0, batch.num_rows, _ROWS):
            part = batch.slice(start, _ROWS)
            yield from _records(part, row)
            row += part.num_rows


def read_parquet(path: str | os.PathLike[str]) -> Iterator[FingerprintRecord]:
    """Return the records of a Parquet file with the columns of `to_arrow`, one by one.

    Few rows are in memory at a time. A file with more rows than bytes is refused, because equal
    rows take almost no space. Raises `RecordError` as `from_arrow`, and if it is not Parquet.
    """
    with extra("arrow"):
        import pyarrow as pa

    with open(path, "rb") as file:
        try:
            yield from _rows_of(file)
        except (RecordError, pa.ArrowCancelled):
            raise
        except (
            ValueError,
            LookupError,
            ArithmeticError,
            OSError,
            TypeError,
            MemoryError,
            pa.ArrowException,
        ) as error:
            # pyarrow raises all of these for damaged and for unusual files.
            message = f"not a valid Parquet file: {type(error).__name__}"
            raise RecordError("invalid-record", message) from error


def _rows_of(file: BinaryIO) -> Iterator[FingerprintRecord]:
    with extra("arrow"):
        import pyarrow.parquet as pq

    metadata = pq.read_metadata(file)
    if metadata.num_rows > os.fstat(file.fileno()).st_size:
        raise RecordError("invalid-record", "the file has more rows than bytes")
    stored = (metadata.schema.column(at) for at in range(metadata.num_columns))
    # Repeated texts stay stored once.
    texts = [it.path for it in stored if it.path == "path" and it.physical_type == "BYTE_ARRAY"]
    file.seek(0)
    with pq.ParquetFile(file, read_dictionary=texts) as parquet:
        known = _columns(parquet.schema_arrow)
        yield from from_arrow(parquet.iter_batches(_ROWS, columns=known))


def _batches(data: Any) -> Iterable[Any]:
    with extra("arrow"):
        import pyarrow as pa

    if isinstance(data, pa.RecordBatch):
        return [data]
    if isinstance(data, pa.Table):
        data = data.to_batches()
    batches: Iterable[Any] = data
    return batches


def _hash_lengths(names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the number of bytes and of hexadecimal digits of those names that are hashes."""
    known = {}
    for name in names:
        try:
            bits = hash_info(name).bits
        except ValueError:
            continue
        known[name] = (_hash_bytes(bits), _digits(bits))
    return known


def _columns(schema: Any) -> list[str]:
    """Return the names of the columns that are read. Raises `RecordError` if there is no hash."""
    hashes, digests = _hash_lengths(schema.names), _digest_bytes()
    values = [name for name in schema.names if name in hashes or name in digests]
    if len(set(schema.names)) < len(schema.names):
        raise RecordError("invalid-record", "two columns have the same name", 1)
    if not values:
        raise RecordError("invalid-record", "no column has the name of a hash or a digest", 1)
    others = ["path", "warnings", "error_code", *(f"{name}_quality" for name in hashes)]
    return [name for name in schema.names if name in values or name in others]


def _records(batch: Any, first: int) -> Iterator[FingerprintRecord]:
    columns = _columns(batch.schema)
    hashes, digests = _hash_lengths(columns), _digest_bytes()
    if "path" in columns:
        _check_paths(batch["path"], first)
    for number, row in enumerate(batch.select(columns).to_pylist(), first + 1):
        try:
            yield FingerprintRecord(
                path=_text(row.get("path")),
                hashes=tuple(
                    _read_hash(row, name, *lengths)
                    for name, lengths in hashes.items()
                    if row[name] is not None
                ),
                digests=tuple(
                    Digest(name, _hex(row[name], digests[name], 2 * digests[name]))
                    for name in columns
                    if name in digests and row[name] is not None
                ),
                warnings=tuple(_diagnostic(code) for code in row.get("warnings") or ()),
                error=None if row.get("error_code") is None else _diagnostic(row["error_code"]),
            )
        except ValueError as error:
            raise RecordError("invalid-record", f"row {number}: {error}", number) from error


def _check_paths(column: Any, first: int) -> None:
    with extra("arrow"):
        import pyarrow as pa
        import pyarrow.compute as pc

    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        message = f"the column path must have the type string, found {texts.type}"
        raise RecordError("invalid-record", message, first + 1)
    if len(texts) and (pc.max(pc.binary_length(texts)).as_py() or 0) > _PATH_BYTES:
        message = f"a path is longer than {_PATH_BYTES} bytes"
        raise RecordError("invalid-record", message, first + 1)


def _read_hash(row: dict[str, Any], name: str, length: int, digits: int) -> PerceptualHash:
    values = row[name] if isinstance(row[name], list) else [row[name]]
    if len(values) != 1 and hash_info(name).hashes == 1:
        raise ValueError(f"{name} is one hash, found {len(values)}")
    quality = row.get(f"{name}_quality")
    if quality is not None and not (isinstance(quality, int) and 0 <= quality <= 100):
        raise ValueError(f"a quality is a whole number from 0 to 100, found {quality!r}")
    return PerceptualHash(name, tuple(_hex(it, length, digits) for it in values), quality)


def _hex(value: object, length: int, digits: int) -> str:
    if not isinstance(value, bytes) or len(value) != length:
        found = f"{len(value)}" if isinstance(value, bytes) else type(value).__name__
        raise ValueError(f"a hash of {length} bytes was expected, found {found}")
    text = value.hex()
    if text[: len(text) - digits].strip("0"):
        raise ValueError("the bits before the first digit must be zero")
    return text[len(text) - digits :]


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"text was expected, found {type(value).__name__}")
    return value


def _diagnostic(code: object) -> Diagnostic:
    text = _text(code) or ""
    return Diagnostic(text, text)
