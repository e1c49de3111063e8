"""Many files: order, errors as values, look-ahead, progress, cancellation, Arrow."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import IMAGES
from tqdm import tqdm

import ownprint

PATHS = sorted(path for path in IMAGES.iterdir() if path.suffix in (".jpg", ".png", ".webp"))


def pixmap(seed: int, side: int = 80) -> bytes:
    return b"P5 %d %d 255\n" % (side, side) + bytes(
        at * (at + seed) // 7 % 256 for at in range(side * side)
    )


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_are_in_order(threads: int) -> None:
    # Files of different cost, so that they finish in another order.
    sources = [pixmap(at, 400 if at % 3 == 0 else 20) for at in range(12)] + [*PATHS]
    results = list(ownprint.fingerprint_many(sources, threads=threads))
    assert [result.index for result in results] == list(range(len(sources)))
    for result, source in zip(results, sources, strict=True):
        assert result.source is source and result.error is None
        assert result.fingerprint == ownprint.fingerprint(source)
        assert result.path == (str(source) if isinstance(source, Path) else None)


def test_results_as_completed() -> None:
    released = threading.Event()

    class Slow:
        def read(self, size: int) -> bytes:
            released.wait(30)
            return b""

    results = ownprint.fingerprint_many([Slow(), b"fast"], threads=2, ordered=False)
    assert next(results).index == 1
    released.set()
    assert next(results).index == 0
    assert list(results) == []


def test_errors_are_values(tmp_path: Path) -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError("gone")

    truncated = PATHS[0].read_bytes()[:2000]
    sources = [tmp_path / "missing.jpg", Broken(), 7, truncated, b"text", PATHS[0]]
    results = list(ownprint.fingerprint_many(sources, threads=2))
    assert isinstance(results[0].error, FileNotFoundError)
    assert isinstance(results[1].error, ConnectionResetError)
    assert isinstance(results[2].error, TypeError)
    codes = [result.error_code for result in results]
    assert codes == ["io", "io", "io", "truncated", None, None]
    reasons = [result.reason for result in results]
    assert reasons == ["io", "io", "io", "truncated", "not-an-image", None]
    assert [result.fingerprint is None for result in results] == [True] * 3 + [False] * 3


def test_a_single_file_is_refused() -> None:
    for source in ("hills.jpg", b"not an image", Path("hills.jpg")):
        with pytest.raises(TypeError, match="several files"):
            ownprint.fingerprint_many(source)  # type: ignore[arg-type]


def test_the_look_ahead_is_bounded() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"text"

    with ownprint.fingerprint_many(endless(), threads=2) as results:
        for result in results:
            assert taken <= result.index + 5
            if result.index == 50:
                break
    assert taken <= 56
    assert list(results) == []


def test_progress() -> None:
    seen: list[int] = []
    list(ownprint.fingerprint_many(PATHS, progress=seen.append))
    assert seen == [1] * len(PATHS)
    with tqdm(total=len(PATHS), file=open("/dev/null", "w")) as bar:
        list(ownprint.fingerprint_many(PATHS, progress=bar.update))
        assert bar.n == len(PATHS)
    wrapped = tqdm(ownprint.fingerprint_many(PATHS), total=len(PATHS), file=open("/dev/null", "w"))
    assert sum(result.error is None for result in wrapped) == len(PATHS)


def test_exceptions_of_the_caller_end_the_iteration() -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("sources")

    with pytest.raises(RuntimeError, match="sources"):
        list(ownprint.fingerprint_many(broken()))
    with pytest.raises(ZeroDivisionError):
        list(ownprint.fingerprint_many([b"one"], progress=lambda count: count // 0))
    names = {thread.name for thread in threading.enumerate()}
    assert not any(name.startswith("ownprint") for name in names)


def test_closing_cancels_the_calls_at_work() -> None:
    class Endless:
        def read(self, size: int) -> bytes:
            return bytes(size)

    results = ownprint.fingerprint_many([b"text", Endless(), Endless()], threads=2)
    assert next(results).index == 0
    start = time.monotonic()
    results.close()
    assert time.monotonic() - start < 5
    assert list(results) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c(request: pytest.FixtureRequest) -> None:
    program = """
import signal
import ownprint
# A process that was started in the background may ignore the signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Endless:
    def read(self, size): return b'.' * size
try:
    for result in ownprint.fingerprint_many([b'text', Endless(), Endless(), Endless()], threads=2):
        print(result.index, flush=True)
except KeyboardInterrupt:
    print('interrupted', flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    request.addfinalizer(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "interrupted\n"
    assert process.returncode == 0


def test_arrow(tmp_path: Path) -> None:
    names = ["pdq", "phash", "colorhash", "pdq-dihedral", "crop-resistant", "vpdq"]
    fingerprinter = ownprint.Fingerprinter(hashes=names, digests=["sha256"])
    sources = [PATHS[0], tmp_path / "missing.jpg", pixmap(3), PATHS[0].read_bytes()[:2000]]
    batch = ownprint.fingerprint_many(sources, fingerprinter=fingerprinter).to_arrow()
    assert isinstance(batch, pa.RecordBatch) and batch.num_rows == 4
    assert batch.schema.field("pdq").type == pa.binary(32)
    assert batch.schema.field("phash").type == pa.binary(8)
    assert batch.schema.field("colorhash").type == pa.binary(6)
    assert batch.schema.field("pdq-dihedral").type == pa.list_(pa.binary(32))
    assert batch.schema.field("crop-resistant").type == pa.list_(pa.binary(8))
    assert batch.schema.field("sha256").type == pa.binary(32)
    assert batch.schema.field("pdq_quality").type == pa.uint8()
    assert "vpdq" not in batch.schema.names
    rows = batch.to_pylist()
    expected = fingerprinter.fingerprint(PATHS[0])
    assert expected.pdq is not None
    assert rows[0]["pdq"].hex() == expected.pdq.hash
    assert rows[0]["pdq_quality"] == expected.pdq.quality
    assert rows[0]["sha256"].hex() == expected.digest("sha256")
    colours = expected.hash("colorhash")
    assert colours is not None and rows[0]["colorhash"].hex() == "0" + colours.hash
    assert len(rows[0]["pdq-dihedral"]) == 8
    assert [row["path"] for row in rows] == [str(it) for it in sources[:2]] + [None, None]
    assert [row["error_code"] for row in rows] == [None, "io", None, "truncated"]
    assert rows[1]["pdq"] is None and rows[3]["sha256"] is not None
    # Without results, the columns are the same.
    empty = ownprint.to_arrow([], fingerprinter.algorithms)
    assert empty.schema == batch.schema and empty.num_rows == 0
    default = ownprint.to_arrow(ownprint.fingerprint_many([pixmap(1)]))
    assert default.schema.names == [
        "index",
        "path",
        "pdq",
        "pdq_quality",
        "md5",
        "sha256",
        "blake3",
        "warnings",
        "error_code",
    ]
