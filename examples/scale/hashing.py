"""What every engine calls: a table of files in, a table of hashes out."""

import os
from collections.abc import Iterator
from pathlib import Path

import ownprint
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

# One object for all batches of a process. Without `vpdq`, a video is a row with its digest.
FINGERPRINTER = ownprint.Fingerprinter(hashes=["pdq"], digests=["md5"])


def hash_table(files: pa.Table, threads: int | None = 1) -> pa.Table:
    """Return a row for each file: `path`, the columns of `to_arrow` without `index`.

    `files` has a column `path`, and optionally a column `bytes` with the content of each file. A
    file that cannot be read or decoded is a row with an `error_code`, never an exception. Engines
    that start a process for each processor need one thread; `None` uses all processors.
    """
    sources = files["bytes" if "bytes" in files.column_names else "path"].to_pylist()
    results = ownprint.fingerprint_many(sources, threads=threads, fingerprinter=FINGERPRINTER)
    hashed = pa.Table.from_batches([results.to_arrow()])
    paths = files["path"].cast(pa.string())
    return hashed.set_column(hashed.schema.get_field_index("path"), "path", paths).drop(["index"])


# The columns depend only on the fingerprinter.
SCHEMA = hash_table(pa.table({"path": pa.array([], pa.string())})).schema


def files_below(folder: str | os.PathLike[str]) -> list[str]:
    """Return the paths of the files in a folder and its subfolders, sorted."""
    paths = (os.fsencode(path.absolute()) for path in Path(folder).rglob("*") if path.is_file())
    # A column of text is UTF-8. A file with another name becomes a row with the error `io`.
    return sorted(path.decode("utf-8", "replace") for path in paths)


def without_finished(paths: list[str], output: Path) -> list[str]:
    """Return the paths that have no row in the folder `output` yet.

    A run that was killed may leave a file without its footer. Such a file is deleted, so that its
    images are hashed again.
    """
    finished: set[str] = set()
    for file in sorted(output.glob("**/*.parquet")):
        try:
            finished.update(pq.read_table(file, columns=["path"])["path"].to_pylist())
        except pa.ArrowInvalid:
            file.unlink()
    return [path for path in paths if path not in finished]


def groups(paths: list[str], size: int) -> Iterator[list[str]]:
    """Cut the paths into groups. A group is written as a whole; a restart repeats one of them."""
    for start in range(0, len(paths), size):
        yield paths[start : start + size]


def read_hashes(output: str | os.PathLike[str]) -> pa.Table:
    """Return the rows of all Parquet files in a folder, sorted by path."""
    return ds.dataset(output, schema=SCHEMA).to_table().sort_by("path")
