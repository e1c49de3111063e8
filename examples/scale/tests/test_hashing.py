"""The function that every engine calls."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hashing import SCHEMA, files_below, hash_table, read_hashes, without_finished


def test_a_row_for_every_file(files: Path, expected: list[dict[str, object]]) -> None:
    paths = files_below(files)
    by_path = hash_table(pa.table({"path": paths}))
    contents = pa.array([Path(path).read_bytes() for path in paths], pa.binary())
    by_bytes = hash_table(pa.table({"path": paths, "bytes": contents}))
    assert by_path.schema == by_bytes.schema == SCHEMA
    assert by_path.to_pylist() == by_bytes.to_pylist() == expected


def test_what_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    rows = hash_table(pa.table({"path": [str(tmp_path / "missing"), str(tmp_path)]})).to_pylist()
    assert [row["error_code"] for row in rows] == ["io", "io"]
    table = pa.table({"path": ["a"], "bytes": pa.array([None], pa.binary())})
    (row,) = hash_table(table).to_pylist()
    assert (row["pdq"], row["md5"]) == (None, None)
    assert row["error_code"] is not None


def test_a_file_without_a_footer_is_written_again(files: Path, tmp_path: Path) -> None:
    paths = files_below(files)
    for at, part in enumerate((paths[:5], paths[5:9])):
        pq.write_table(hash_table(pa.table({"path": part})), tmp_path / f"{at}.parquet")
    assert without_finished(paths, tmp_path) == paths[9:]
    whole = (tmp_path / "1.parquet").read_bytes()
    for length in (0, 4, len(whole) // 2, len(whole) - 1):
        (tmp_path / "1.parquet").write_bytes(whole[:length])
        assert without_finished(paths, tmp_path) == paths[5:]
        assert not (tmp_path / "1.parquet").exists()
    assert read_hashes(tmp_path)["path"].to_pylist() == paths[:5]
