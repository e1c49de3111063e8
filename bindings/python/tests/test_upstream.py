"""The tests of the replaced packages, run against ownprint.

`OWNPRINT_UPSTREAM` names a folder with clones of github.com/JohannesBuchner/imagehash,
github.com/faustomorales/pdqhash-python and github.com/facebook/ThreatExchange, each in a folder of
its name. Their packages on PyPI do not have all of their tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHIMS = Path(__file__).parent / "upstream"

# What the package does not compute bit for bit, or internals of the original.
CROPS = "test_crop_resistant_hash.py::Test"
IMAGEHASH = {
    f"{CROPS}::test_crop_resistance": "min_segment_size",
    f"{CROPS}::test_min_segment_size": "min_segment_size",
    f"{CROPS}::test_segmentation_image_size": "segmentation_image_size",
    f"{CROPS}::test_segmented_hash__hash_func": "hash_func",
    f"{CROPS}::test_segmented_hash__limit_segments": "limit_segments",
    f"{CROPS}::test_segmented_hash__segment_threshold": "segment_threshold",
    "test_hash_is_constant.py::Test::test_crop_resistant_segmentation": "_find_all_segments",
    "test_hex_conversions_multihash.py::Test::test_hex_to_multi_hash": "segmentation_image_size",
    "test_whash.py::Test::test_custom_hash_size_and_scale": "image_scale",
}

# These look into the indexes of the original.
THREATEXCHANGE = {
    "test_pdq_index.py::test_supports_pickling": "'index'",
    "test_vpdq_faiss.py::test_simple": "_entry_idx_to_features_and_entries",
}


def folder(name: str) -> Path:
    upstream = os.environ.get("OWNPRINT_UPSTREAM")
    if not upstream:
        pytest.skip("OWNPRINT_UPSTREAM is not set")
    return Path(upstream) / name


def copy_of(name: str, where: Path) -> Path:
    """Copy the tests of a clone: next to them is the package that is replaced."""
    shutil.copytree(folder(name) / "tests", where / "tests")
    return where


def run(where: Path, *arguments: str) -> tuple[int, dict[str, str]]:
    """Return the number of tests that passed, and the reasons of those that failed."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rf", "--tb=line", "-q"]
    # `-rf` shortens reasons to the width of the terminal.
    environment = {**os.environ, "PYTHONPATH": str(SHIMS), "COLUMNS": "400"}
    done = subprocess.run(
        [*command, *arguments], cwd=where, capture_output=True, text=True, env=environment
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout + done.stderr
    failures = re.findall(r"^FAILED \S*?([^/\s]+::\S+) - (.*)$", done.stdout, re.MULTILINE)
    assert not re.search(r"\d+ error", done.stdout), done.stdout
    return int(passed[1]), dict(failures)


def assert_failures(found: dict[str, str], expected: dict[str, str]) -> None:
    assert found.keys() == expected.keys()
    for name, reason in expected.items():
        assert reason in found[name]


def test_imagehash(tmp_path: Path) -> None:
    # The test of the README reads a file outside of the tests.
    where = copy_of("imagehash", tmp_path)
    passed, failures = run(where, "tests", "--ignore", "tests/test_readme.py")
    assert_failures(failures, IMAGEHASH)
    assert passed >= 37


def test_pdqhash(tmp_path: Path) -> None:
    assert run(copy_of("pdqhash-python", tmp_path), "tests") == (10, {})


def test_threatexchange() -> None:
    where = folder("ThreatExchange") / "python-threatexchange"
    tests = [
        f"threatexchange/signal_type/tests/{name}.py"
        for name in ("test_pdq_index", "test_md5_hash", "test_hash_from_x")
    ]
    tests.append("threatexchange/extensions/vpdq/tests/test_vpdq_faiss.py")
    passed, failures = run(where, "-p", "ownprint_signals", *tests)
    assert_failures(failures, THREATEXCHANGE)
    assert passed >= 20
