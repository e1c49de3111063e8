"""The program `python -m ownprint`: Parquet and Arrow for the command line `ownprint`.

    python -m ownprint hash --output hashes.parquet photos
    python -m ownprint records hashes.parquet > hashes.jsonl

The first command hashes files and folders into a Parquet file or an Arrow stream. The second one
prints Parquet files as JSON lines, which `ownprint match` and `ownprint index build` read.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import ownprint

# Rows of a batch, and of a row group of Parquet.
_ROWS = 4096


def main(arguments: list[str] | None = None) -> int:
    """Run the program, and return its exit status, which is that of `ownprint`."""
    parser = argparse.ArgumentParser("python -m ownprint", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    hashing = commands.add_parser("hash", help="hash files into a Parquet file or an Arrow stream")
    hashing.add_argument(
        "paths", nargs="+", metavar="PATH", help="a file, or a folder with all in it"
    )
    hashing.add_argument("--format", choices=["parquet", "arrow"], default="parquet")
    hashing.add_argument("--output", required=True, metavar="FILE", help="- is standard output")
    hashing.add_argument("--algorithms", metavar="LIST", help="hashes and digests, with commas")
    hashing.add_argument("--threads", type=int, metavar="N", help="default: all processors")
    hashing.set_defaults(run=_hash)
    records = commands.add_parser("records", help="print the rows of Parquet files as JSON lines")
    records.add_argument("paths", nargs="+", metavar="FILE")
    records.set_defaults(run=_records)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough, as `head`. Python would report the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ownprint.OwnprintError, OSError, ModuleNotFoundError) as error:
        print(f"ownprint: {error}", file=sys.stderr)
        return 2
    return status


def _hash(arguments: argparse.Namespace) -> int:
    fingerprinter = _fingerprinter(arguments.algorithms)
    schema = ownprint.to_arrow([], fingerprinter.algorithms).schema
    results = ownprint.fingerprint_many(
        _files(arguments.paths), threads=arguments.threads, fingerprinter=fingerprinter
    )
    failed = 0
    with results, _Output(arguments.output) as file, _writer(file, schema, arguments.format) as out:
        while some := list(islice(results, _ROWS)):
            out.write_batch(ownprint.to_arrow(some, fingerprinter.algorithms))
            failed += sum(result.error_code is not None for result in some)
    return 1 if failed else 0


def _writer(file: Any, schema: Any, format: str) -> Any:
    if format == "arrow":
        import pyarrow.ipc

        return pyarrow.ipc.new_stream(file, schema)
    import pyarrow.parquet

    return pyarrow.parquet.ParquetWriter(file, schema)


class _Output:
    """A file that replaces the one at a path when it is complete."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._part = f"{path}.{os.getpid()}.part"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> IO[bytes]:
        if self._path == "-":
            return sys.stdout.buffer
        self._file = open(self._part, "xb")
        return self._file

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if self._file is None:
            sys.stdout.buffer.flush()
            return
        self._file.close()
        if error is None:
            os.replace(self._part, self._path)
        else:
            os.unlink(self._part)


def _fingerprinter(algorithms: str | None) -> ownprint.Fingerprinter:
    if algorithms is None:
        return ownprint.Fingerprinter()
    names = algorithms.split(",")
    digests = {digest.name for digest in ownprint.capabilities().digests}
    return ownprint.Fingerprinter(
        hashes=[name for name in names if name not in digests],
        digests=[name for name in names if name in digests],
    )


def _files(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(files))


def _records(arguments: argparse.Namespace) -> int:
    for path in arguments.paths:
        try:
            for record in ownprint.read_parquet(Path(path)):
                sys.stdout.write(record.to_json() + "\n")
        except ownprint.RecordError as error:
            print(f"ownprint: {path}: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
