"""Files for the tests: good ones, bad ones, and what their rows must be."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import ownprint
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))
IMAGES = FOLDER.parent / "images"

# Modules whose engine is not installed are not collected; the suite `scale-all` installs all.
# Ray reports how it is used, unless this is set.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

ENGINES = {"test_ray.py": "ray", "test_spark.py": "pyspark", "test_postgresql.py": "pg8000"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which every engine must be installed."""
    parser.addoption("--all-engines", action="store_true", help="run Ray, Spark and PostgreSQL")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip the files of other engines than DuckDB, unless all were requested."""
    is_other = collection_path.name in ENGINES
    return True if is_other and not config.getoption("--all-engines") else None


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of images, two of them alike, and of files that are bad in several ways."""
    folder = tmp_path_factory.mktemp("files")
    below = folder / "sub folder"
    below.mkdir()
    for image in sorted(IMAGES.iterdir()):
        shutil.copy(image, below / image.name)
    hills = (IMAGES / "hills.jpg").read_bytes()
    (folder / "copy of hills.jpg").write_bytes(hills)
    (folder / "truncated.jpg").write_bytes(hills[: len(hills) // 2])
    (folder / "text.jpg").write_bytes(b"not an image")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "tab\tline\nback\\slash.png").write_bytes((IMAGES / "window.png").read_bytes())
    (folder / "flat.pgm").write_bytes(b"P5 64 64 255\n" + bytes(64 * 64))
    return folder


@pytest.fixture(scope="session")
def expected(files: Path) -> list[dict[str, object]]:
    """Return the rows that every engine must write, sorted by path."""
    fingerprinter = ownprint.Fingerprinter(hashes=["pdq"], digests=["md5"])
    rows = []
    for path in sorted(str(path) for path in files.rglob("*") if path.is_file()):
        fingerprint = fingerprinter.fingerprint(path)
        hash = fingerprint.pdq
        rows.append(
            {
                "path": path,
                "pdq": None if hash is None else bytes.fromhex(hash.hash),
                "pdq_quality": None if hash is None else hash.quality,
                "md5": bytes.fromhex(fingerprint.digest("md5") or ""),
                "warnings": [warning.code for warning in fingerprint.warnings],
                "error_code": None if fingerprint.error is None else fingerprint.error.code,
            }
        )
    assert len(rows) == 13
    assert {row["error_code"] for row in rows} >= {None, "truncated"}
    assert ["not-an-image"] in [row["warnings"] for row in rows]
    return rows


@pytest.fixture(scope="session")
def parquet(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Parquet file with the contents of the files, and a row without content."""
    paths = sorted(path for path in files.rglob("*") if path.is_file())
    names = [str(path) for path in paths] + ["no content"]
    contents = [path.read_bytes() for path in paths] + [None]
    file = tmp_path_factory.mktemp("parquet") / "files.parquet"
    table = pa.table({"path": names, "bytes": pa.array(contents, pa.binary())})
    pq.write_table(table, file, row_group_size=4)
    return file


def pairs(rows: list[dict[str, object]], radius: int = 31) -> list[tuple[str, str, int]]:
    """Return the pairs of similar hashes of sufficient quality, by comparing each with each."""
    good = [row for row in rows if row["pdq"] is not None and row["pdq_quality"] >= 50]
    found = []
    for at, a in enumerate(good):
        for b in good[at + 1 :]:
            distance = (int.from_bytes(a["pdq"]) ^ int.from_bytes(b["pdq"])).bit_count()
            if distance <= radius:
                found.append((a["path"], b["path"], distance))
    return sorted(found, key=lambda pair: (pair[2], pair[0], pair[1]))
