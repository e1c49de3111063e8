"""Hashes with Ray Data, on a cluster of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import ray

from conftest import FOLDER
from hashing import read_hashes
from with_ray import hash_folder, hash_parquet


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=200_000_000,
        runtime_env={"env_vars": {"PYTHONPATH": str(FOLDER)}},
    )
    yield
    ray.shutdown()


def test_hashes_a_folder_once(
    files: Path, expected: list[dict[str, object]], tmp_path: Path
) -> None:
    output = tmp_path / "hashes"
    hash_folder(str(files), str(output))
    assert read_hashes(output).to_pylist() == expected
    written = sorted(output.iterdir())
    hash_folder(str(files), str(output))
    assert sorted(output.iterdir()) == written


def test_an_interrupted_run_is_continued(
    parquet: Path, expected: list[dict[str, object]], tmp_path: Path
) -> None:
    hash_parquet(str(parquet), str(tmp_path))
    rows = read_hashes(tmp_path).to_pylist()
    without_content = [row for row in rows if row["path"] == "no content"]
    assert len(rows) == len(expected) + 1
    assert without_content[0]["error_code"] is not None
    assert [row for row in rows if row not in without_content] == expected
    # As if the run had been killed while it wrote its last file.
    last = max(tmp_path.iterdir())
    last.write_bytes(last.read_bytes()[:100])
    hash_parquet(str(parquet), str(tmp_path))
    assert not last.exists()
    assert read_hashes(tmp_path).to_pylist() == rows
