"""Tables of Arrow and Parquet, read back; other people's writers; hostile files; the program."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from conftest import IMAGES

import ownprint

duckdb = pytest.importorskip("duckdb")

PATHS = sorted(str(path) for path in IMAGES.iterdir())
NAMES = ["pdq", "pdq-dihedral", "phash", "colorhash", "crop-resistant"]


def program(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ownprint", *arguments]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.fixture(scope="module")
def batch() -> pa.RecordBatch:
    """A batch of every image, a truncated file, text, and a missing file."""
    fingerprinter = ownprint.Fingerprinter(hashes=NAMES, digests=["md5", "sha256"])
    truncated = Path(PATHS[-1]).read_bytes()[:2000]
    sources = [*PATHS, truncated, b"text", "missing.jpg"]
    return ownprint.fingerprint_many(sources, fingerprinter=fingerprinter).to_arrow()


def test_what_is_written_is_read(batch: pa.RecordBatch, tmp_path: Path) -> None:
    fingerprinter = ownprint.Fingerprinter(hashes=NAMES, digests=["md5", "sha256"])
    records = list(ownprint.from_arrow(batch))
    assert len(records) == len(PATHS) + 3
    for record, path in zip(records, PATHS, strict=False):
        expected = fingerprinter.fingerprint(path)
        assert (record.path, record.hashes) == (path, expected.hashes)
        assert record.digests == expected.digests
        assert ownprint.FingerprintRecord.from_json(record.to_json()) == record
    truncated, text, missing = records[-3:]
    assert truncated.error is not None and truncated.error.code == "truncated"
    assert [warning.code for warning in text.warnings] == ["not-an-image"]
    assert missing.error is not None and missing.error.code == "io" and not missing.digests
    pq.write_table(pa.Table.from_batches([batch]), tmp_path / "a.parquet", row_group_size=3)
    assert list(ownprint.read_parquet(tmp_path / "a.parquet")) == records
    with pa.ipc.new_stream(tmp_path / "a.arrows", batch.schema) as stream:
        stream.write_batch(batch)
    with pa.ipc.open_stream(tmp_path / "a.arrows") as reader:
        assert list(ownprint.from_arrow(reader)) == records


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.6"])
def test_files_of_pyarrow(
    batch: pa.RecordBatch, tmp_path: Path, compression: str, version: str
) -> None:
    path = tmp_path / "a.parquet"
    table = pa.Table.from_batches([batch])
    for dictionary in (True, False):
        pq.write_table(
            table, path, compression=compression, version=version, use_dictionary=dictionary
        )
        assert list(ownprint.read_parquet(path)) == list(ownprint.from_arrow(batch))


def test_files_of_duckdb(batch: pa.RecordBatch, tmp_path: Path) -> None:
    """DuckDB writes blobs without a fixed length, and reads ours."""
    table = pa.Table.from_batches([batch]).drop(["pdq-dihedral", "crop-resistant"])
    pq.write_table(table, tmp_path / "ours.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM '{tmp_path}/ours.parquet') TO '{tmp_path}/theirs.parquet'"
        )
        found = connection.sql(f"SELECT path FROM '{tmp_path}/theirs.parquet' WHERE pdq IS NULL")
        assert len(found.fetchall()) == 3
    theirs = list(ownprint.read_parquet(tmp_path / "theirs.parquet"))
    assert pq.read_schema(tmp_path / "theirs.parquet").field("pdq").type == pa.binary()
    assert theirs == list(ownprint.read_parquet(tmp_path / "ours.parquet"))


def test_other_types_and_columns() -> None:
    hash = bytes(range(32))
    for kind in (pa.binary(), pa.large_binary(), pa.binary(32)):
        table = pa.table({"pdq": pa.array([hash, None], kind), "added by an engine": [1, 2]})
        first, second = ownprint.from_arrow(table)
        assert first.hashes == (ownprint.PerceptualHash("pdq", (hash.hex(),), None),)
        assert second.hashes == ()


def column(name: str, values: list[object], kind: pa.DataType | None = None) -> pa.Table:
    return pa.table({name: pa.array(values, kind)})


GOOD = bytes(32)
INVALID = {
    "no hash": column("path", ["a"]),
    "short": column("pdq", [GOOD, GOOD[:31]]),
    "text": column("pdq", [GOOD.hex()]),
    "number": column("pdq", [7]),
    "several": column("pdq", [[GOOD, GOOD]]),
    "long digest": column("md5", [bytes(17)]),
    "odd digits": column("colorhash", [b"\x10" + bytes(5)]),
    "quality": pa.table({"pdq": [GOOD], "pdq_quality": [101]}),
    "quality of text": pa.table({"pdq": [GOOD], "pdq_quality": ["100"]}),
    "path of bytes": pa.table({"pdq": [GOOD], "path": [b"\xff"]}),
    "path of numbers": pa.table({"pdq": [GOOD], "path": [1]}),
    "long path": pa.table({"pdq": [GOOD], "path": ["a" * 32_769]}),
    "error of numbers": pa.table({"pdq": [GOOD], "error_code": [1]}),
    "two columns": pa.table([[GOOD], [GOOD]], names=["pdq", "pdq"]),
}


@pytest.mark.parametrize("name", INVALID)
def test_what_is_invalid_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ownprint.RecordError) as caught:
        list(ownprint.from_arrow(INVALID[name]))
    assert caught.value.code == "invalid-record"
    assert caught.value.line == (2 if name == "short" else 1)
    pq.write_table(INVALID[name], tmp_path / "a.parquet")
    with pytest.raises(ownprint.RecordError):
        list(ownprint.read_parquet(tmp_path / "a.parquet"))


def test_damaged_files_are_refused(batch: pa.RecordBatch, tmp_path: Path) -> None:
    """Every change of a file gives records or `RecordError`, never another exception."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_batches([batch]), path)
    whole = path.read_bytes()
    source = random.Random(3)
    refused = 0
    for turn in range(150):
        data = bytearray(whole)
        if turn % 3:
            for _ in range(source.choice([1, 4, 40])):
                # The footer is at the end.
                at = source.randrange(len(data) if turn % 2 else 3000)
                data[-1 - at] = source.randrange(256)
        else:
            del data[source.randrange(len(data)) :]
        path.write_bytes(data)
        try:
            list(ownprint.read_parquet(path))
        except ownprint.RecordError:
            refused += 1
    assert refused > 50
    for path in (tmp_path / "missing.parquet", tmp_path):
        with pytest.raises(OSError):
            list(ownprint.read_parquet(path))


def exceptions(kind: type) -> list[type]:
    return [kind, *(it for child in kind.__subclasses__() for it in exceptions(child))]


@pytest.mark.parametrize("kind", exceptions(pa.ArrowException))
def test_every_exception_of_pyarrow_is_a_record_error(
    kind: type, batch: pa.RecordBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unusual files of apache/parquet-testing raise `ArrowNotImplementedError`."""

    def fails(self: object, *arguments: object, **named: object) -> None:
        raise kind("unusual")

    pq.write_table(pa.Table.from_batches([batch]), tmp_path / "a.parquet")
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", fails)
    with pytest.raises(ownprint.RecordError if kind is not pa.ArrowCancelled else kind):
        list(ownprint.read_parquet(tmp_path / "a.parquet"))


MEASURED = """
import sys
import ownprint

count = sum(1 for _ in ownprint.read_parquet(sys.argv[1]))
# The peak in kilobytes. That of `getrusage` would include the parent.
status = dict(line.split(":") for line in open("/proc/self/status"))
print(count, int(status["VmHWM"].split()[0]) // 1000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_equal_rows_do_not_fill_the_memory(tmp_path: Path) -> None:
    """A few kilobytes that stand for gigabytes of hashes and of paths."""
    path = tmp_path / "a.parquet"
    count = 3_000_000
    table = pa.table(
        {
            "pdq": pa.repeat(pa.scalar(GOOD, pa.binary(32)), count),
        }
    )
    pq.write_table(table, path)
    assert path.stat().st_size < count
    with pytest.raises(ownprint.RecordError, match="more rows than bytes"):
        next(ownprint.read_parquet(path))
    # As many rows as the file has bytes, each with the same long path.
    rows = 20_000
    table = pa.table(
        {
            "pdq": [source.to_bytes(32, "big") for source in range(rows)],
            "path": pa.repeat("a" * 30_000, rows).dictionary_encode().cast(pa.string()),
        }
    )
    pq.write_table(table, path, row_group_size=rows)
    assert path.stat().st_size < 2_000_000
    command = [sys.executable, "-c", MEASURED, str(path)]
    ended = subprocess.run(command, capture_output=True, check=True)
    read, megabytes = map(int, ended.stdout.split())
    # All paths at once are 600 MB.
    assert read == rows and megabytes < 300


def test_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "below").mkdir(parents=True)
    for at, path in enumerate(PATHS):
        os.link(path, folder / ("below" if at % 2 else "") / Path(path).name)
    (folder / "text.txt").write_text("text")
    parquet, arrow = tmp_path / "a.parquet", tmp_path / "a.arrows"
    arguments = ["hash", "--algorithms", "pdq,md5", str(folder), "--output"]
    for output, format in ((parquet, "parquet"), (arrow, "arrow")):
        ended = program(*arguments, str(output), "--format", format, "--threads", "2")
        assert (ended.returncode, ended.stderr) == (0, b"")
    table = pq.read_table(parquet)
    assert table == pa.ipc.open_stream(arrow).read_all()
    names = ["index", "path", "pdq", "pdq_quality", "md5", "warnings", "error_code"]
    assert table.schema.names == names
    assert table.schema.field("pdq").type == pa.binary(32)
    assert table["index"].to_pylist() == list(range(len(PATHS) + 1))
    piped = program(*arguments, "-", "--format", "arrow")
    assert pa.ipc.open_stream(piped.stdout).read_all() == table
    lines = program("records", str(parquet))
    assert lines.returncode == 0
    records = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [record["path"] for record in records] == table["path"].to_pylist()
    listed = ownprint.read_list(lines.stdout)
    assert [it.hash for it in listed] == [
        hash.hex() for hash in table["pdq"].to_pylist() if hash is not None
    ]
    assert ownprint.Index().insert_list(lines.stdout) == len(PATHS)


def test_the_program_fails_whole(tmp_path: Path) -> None:
    missing = program("hash", str(tmp_path / "missing.jpg"), "--output", str(tmp_path / "a"))
    assert missing.returncode == 1
    assert pq.read_table(tmp_path / "a")["error_code"].to_pylist() == ["io"]
    for arguments in (
        ["hash", str(tmp_path / "a"), "--output", str(tmp_path / "no folder" / "a")],
        ["hash", str(tmp_path / "a"), "--output", str(tmp_path / "b"), "--algorithms", "pqd"],
        ["records", str(tmp_path / "missing")],
        ["records", PATHS[0]],
        ["records"],
        [],
    ):
        ended = program(*arguments)
        assert ended.returncode == 2
        assert ended.stderr and b"Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.jpg"
    with open(path, "wb") as file:
        file.write(Path(PATHS[0]).read_bytes())
    batch = ownprint.fingerprint_many([os.fsdecode(path)]).to_arrow()
    assert batch["path"].to_pylist() == [f"{tmp_path}/�.jpg"]
    assert batch["pdq"].null_count == 0
    ended = program("hash", str(tmp_path), "--output", str(tmp_path / "a.parquet"))
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    batch = ownprint.fingerprint_many([b"not an image"] * 2_000).to_arrow()
    pq.write_table(pa.Table.from_batches([batch]), path)
    command = [sys.executable, "-m", "ownprint", "records", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline().startswith(b"{")
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1
