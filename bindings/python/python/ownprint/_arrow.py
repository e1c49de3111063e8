"""Results as a RecordBatch of Apache Arrow. pyarrow is imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ownprint._capabilities import capabilities, hash_info
from ownprint._fingerprinter import default_fingerprinter

if TYPE_CHECKING:
    import pyarrow

    from ownprint._many import FileResult
    from ownprint._types import Fingerprint

__all__ = ["to_arrow"]


def to_arrow(
    results: Iterable[FileResult], algorithms: Iterable[str] | None = None
) -> pyarrow.RecordBatch:
    """Return results of `fingerprint_many` as a RecordBatch of pyarrow, one row for each file.

    Columns: `index`, `path` (null for files that were not passed as a path); for each hash its
    name, of the type `FixedSizeBinary`, or a list of it if an image has several; its name with
    `_quality`; for each digest its name; `error_code`. The columns depend only on `algorithms`,
    which are the names of the default fingerprinter if they are `None`. `vpdq` has no column.

    >>> import ownprint
    >>> batch = ownprint.to_arrow(ownprint.fingerprint_many([b"not an image"]))
    >>> batch.schema.field("pdq").type, batch["pdq"].null_count
    (FixedSizeBinaryType(fixed_size_binary[32]), 1)
    """
    import pyarrow as pa

    names = tuple(algorithms) if algorithms is not None else default_fingerprinter().algorithms
    rows = [(result, result.fingerprint) for result in results]
    columns: dict[str, Any] = {
        "index": pa.array([result.index for result, _ in rows], pa.int64()),
        "path": pa.array([result.path for result, _ in rows], pa.string()),
    }
    digest_bits = {digest.name: digest.bits for digest in capabilities().digests}
    for name in names:
        if name == "vpdq":
            continue
        fingerprints = [fingerprint for _, fingerprint in rows]
        if name in digest_bits:
            binary = pa.binary(digest_bits[name] // 8)
            columns[name] = pa.array([_digest(it, name) for it in fingerprints], binary)
            continue
        info = hash_info(name)
        # Whole bytes; an odd number of hexadecimal digits gets a leading zero.
        binary = pa.binary((-(-info.bits // 4) + 1) // 2)
        kind = binary if info.hashes == 1 else pa.list_(binary)
        values = [_values(it, name) for it in fingerprints]
        if info.hashes == 1:
            values = [None if value is None else value[0] for value in values]
        columns[name] = pa.array(values, kind)
        qualities = [_quality(it, name) for it in fingerprints]
        columns[f"{name}_quality"] = pa.array(qualities, pa.uint8())
    columns["error_code"] = pa.array([result.error_code for result, _ in rows], pa.string())
    return pa.RecordBatch.from_pydict(columns)


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
