"""Hashes with Spark, in local mode."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import with_spark
from conftest import FOLDER
from hashing import SCHEMA, read_hashes
from with_spark import hash_folder, hash_parquet, session


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ.update(PYTHONPATH=str(FOLDER), PYSPARK_PYTHON=sys.executable)
    with session("2") as spark:
        yield spark


def rows(output: Path) -> list[dict[str, object]]:
    return read_hashes(output).to_pylist()


def test_hashes_a_folder_once(
    spark: SparkSession,
    files: Path,
    expected: list[dict[str, object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(with_spark, "FILES_PER_JOB", 5)
    output = tmp_path / "hashes"
    hash_folder(spark, str(files), str(output))
    assert read_hashes(output).schema == SCHEMA
    assert rows(output) == expected
    written = sorted(output.iterdir())
    hash_folder(spark, str(files), str(output))
    assert sorted(output.iterdir()) == written


def test_an_interrupted_run_is_continued(
    spark: SparkSession, parquet: Path, expected: list[dict[str, object]], tmp_path: Path
) -> None:
    output = tmp_path / "hashes"
    hash_parquet(spark, str(parquet), str(output))
    first = rows(output)
    assert [row for row in first if row["path"] != "no content"] == expected
    assert len(first) == len(expected) + 1
    written = sorted(output.glob("*.parquet"))
    written[0].unlink()
    assert rows(output) != first
    hash_parquet(spark, str(parquet), str(output))
    assert rows(output) == first
