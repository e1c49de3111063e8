"""Inputs, options, errors, progress and cancellation."""

from __future__ import annotations

import copy
import hashlib
import io
import mmap
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from array import array
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

import ownprint

PIXMAP = b"P5 80 80 255\n" + bytes(at * at // 7 % 256 for at in range(80 * 80))


def test_every_input_gives_the_same_fingerprint(photo: Path, tmp_path: Path) -> None:
    data = photo.read_bytes()
    expected = ownprint.fingerprint(data)
    assert expected.digest("md5") == hashlib.md5(data).hexdigest()
    assert expected.image is not None and expected.image.format == "jpeg"
    with photo.open("rb") as file, photo.open("rb") as mapped:
        inputs = [
            photo,
            str(photo),
            bytearray(data),
            memoryview(data),
            memoryview(data[::-1])[::-1],
            array("B", data),
            np.frombuffer(data, np.uint8),
            io.BytesIO(data),
            file,
            mmap.mmap(mapped.fileno(), 0, access=mmap.ACCESS_READ),
        ]
        for given in inputs:
            assert ownprint.fingerprint(given) == expected, type(given)
    stream = ownprint.Fingerprinter().stream()
    for start in range(0, len(data), 997):
        assert stream.update(data[start : start + 997])
    assert stream.finalize() == expected
    for call in (stream.finalize, lambda: stream.update(b"")):
        with pytest.raises(ownprint.FileError) as caught:
            call()
        assert caught.value.code == "io"


def test_a_file_object_is_read_from_its_position() -> None:
    file = io.BytesIO(b"xx" + PIXMAP)
    file.seek(2)
    assert ownprint.fingerprint(file) == ownprint.fingerprint(PIXMAP)
    assert not file.closed


@pytest.mark.parametrize("given", [None, 7, ["a.jpg"], io.StringIO("text"), object()])
def test_other_inputs_are_refused(given: object) -> None:
    with pytest.raises(TypeError):
        ownprint.fingerprint(given)  # type: ignore[arg-type]


def test_pixels_are_not_taken_for_a_file() -> None:
    with pytest.raises(ownprint.PixelsError, match="found float64"):
        ownprint.fingerprint(np.zeros(100))
    with pytest.raises(TypeError, match="3 dimensions"):
        ownprint.fingerprint(memoryview(np.zeros((8, 8, 3), np.uint8)))


def test_exceptions_of_a_file_object_are_raised_unchanged() -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        ownprint.fingerprint(Broken())


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        ownprint.fingerprint(tmp_path / "missing.jpg")
    error = caught.value
    assert isinstance(error, ownprint.FileError) and isinstance(error, ownprint.OwnprintError)
    assert (error.code, error.errno) == ("io", 2)
    assert error.filename == str(tmp_path / "missing.jpg")
    assert "missing.jpg" in str(error)
    with pytest.raises(IsADirectoryError):
        ownprint.fingerprint(tmp_path)


def test_files_that_cannot_be_decoded_have_their_digests(photo: Path) -> None:
    fingerprint = ownprint.fingerprint(photo.read_bytes()[:5000])
    assert fingerprint.image is None and fingerprint.pdq is None
    assert fingerprint.digest("sha256") is not None
    assert fingerprint.error is not None and fingerprint.error.code == "truncated"
    with pytest.raises(ownprint.DecodeError) as caught:
        fingerprint.raise_for_error()
    assert caught.value.code == "truncated"
    damaged = ownprint.Fingerprinter(accept_damaged=True).fingerprint(photo.read_bytes()[:5000])
    assert damaged.image is not None and damaged.image.damaged
    assert [warning.code for warning in damaged.warnings][0] == "damaged"
    assert damaged.raise_for_error() is damaged


def test_options() -> None:
    fingerprinter = ownprint.Fingerprinter(
        hashes=["phash:16", "pdq"],
        digests=["md5"],
        variants="compact",
        orientation="ignore",
        rgb_md5=True,
        limits=ownprint.Limits(pixels=10**6),
    )
    assert fingerprinter.algorithms == ("phash:16", "pdq", "md5")
    assert fingerprinter.limits.pixels == 10**6
    assert fingerprinter.limits.width == ownprint.Fingerprinter().limits.width
    fingerprint = fingerprinter.fingerprint(PIXMAP)
    assert {hash.algorithm for hash in fingerprint.hashes} == {"pdq", "phash:16"}
    assert fingerprint.hash("phash:16") is not None and fingerprint.hash("phash") is None
    assert fingerprint.image is not None and not fingerprint.image.orientation_applied
    assert fingerprint.image.rgb_md5 is not None
    variants = fingerprint.variants
    assert variants is not None and variants.set == "compact"
    assert variants.hashes[0].variant == "original"
    last = variants.hashes[-1]
    comparison = ownprint.compare_variants(variants, last.hash)
    assert (comparison.distance, comparison.variant) == (0, last.variant)
    assert (comparison.query_variant, comparison.is_match) == (None, True)
    nothing = ownprint.Fingerprinter(hashes=[], digests=[]).fingerprint(PIXMAP)
    assert nothing.hashes == () and nothing.digests == ()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"hashes": ["pqd"]}, "unknown-algorithm"),
        ({"hashes": ["md5"]}, "unknown-algorithm"),
        ({"hashes": ["pdq", "md5"]}, "unknown-algorithm"),
        ({"digests": ["pdq"]}, "unknown-algorithm"),
        ({"digests": ["md5", "vpdq"]}, "unknown-algorithm"),
        ({"hashes": ["phash:999"]}, "unknown-algorithm"),
        ({"variants": ["nothing"]}, "unknown-variant"),
        ({"orientation": "sideways"}, "unknown-name"),
    ],
)
def test_invalid_options(options: dict[str, object], code: str) -> None:
    with pytest.raises(ownprint.OwnprintError) as caught:
        ownprint.Fingerprinter(**options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_variants_of_both_images_are_compared(photo: Path, tmp_path: Path) -> None:
    with Image.open(photo) as image:
        ImageOps.mirror(image.convert("RGB")).save(tmp_path / "mirrored.png")
    listed = ownprint.fingerprint(photo).pdq
    query = ownprint.Fingerprinter(hashes=["pdq"], variants=ownprint.VariantSet.QUERY)
    variants = query.fingerprint(tmp_path / "mirrored.png").variants
    assert listed is not None and variants is not None and variants.set == "query"
    assert not ownprint.compare(listed.hash, variants.hashes[0].hash).is_match
    found = ownprint.compare_variants(listed.hash, variants)
    assert (found.variant, found.query_variant) == (None, "mirror")
    assert found.is_match and found.distance <= found.threshold == 31
    compact = ownprint.Fingerprinter(hashes=["pdq"], variants=ownprint.VariantSet.COMPACT)
    stored = compact.fingerprint(photo).variants
    assert stored is not None
    both = ownprint.compare_variants(stored, variants)
    assert both.is_match and both.variant is not None and both.query_variant is not None
    wide = ownprint.Fingerprinter(hashes=["pdq"], variants=ownprint.VariantSet.QUERY_WIDE)
    more = wide.fingerprint(tmp_path / "mirrored.png").variants
    assert more is not None and more.set == "query-wide"
    assert more.hashes[: len(variants.hashes)] == variants.hashes


def test_hashes_of_low_quality_never_match() -> None:
    query = ownprint.Fingerprinter(hashes=["pdq"], variants=ownprint.VariantSet.QUERY)
    flat = query.fingerprint(b"P5 64 64 255\n" + bytes([128]) * 64 * 64)
    assert flat.variants is not None and flat.pdq is not None and flat.pdq.quality < 50
    hash = flat.pdq.hash
    for other in (hash, flat.variants):
        found = ownprint.compare_variants(flat.variants, other)
        assert (found.distance, found.is_match) == (0, False)
    assert ownprint.compare_variants(hash, hash).is_match
    index = ownprint.Index.build([(hash, "flat")])
    assert index.query_variants(flat.variants, 255) == []
    assert ownprint.Index().insert_list(flat.to_record("flat.pgm").to_json().encode()) == 0


def test_types_are_values() -> None:
    fingerprinter = ownprint.Fingerprinter(hashes=["pdq", "phash"], variants=["mirror"])
    fingerprint = fingerprinter.fingerprint(PIXMAP)
    for value in (fingerprint, fingerprint.to_record("a.pgm"), fingerprint.pdq, fingerprinter):
        again = pickle.loads(pickle.dumps(value))
        assert again == value and hash(again) == hash(value)
        assert copy.deepcopy(value) == value
        assert value.__class__.__name__ in repr(value)
    assert fingerprint != ownprint.fingerprint(b"other")
    with pytest.raises(AttributeError):
        fingerprint.image = None  # type: ignore[misc]
    index = ownprint.Index.build([("0f" * 32, "a")])
    assert list(pickle.loads(pickle.dumps(index))) == list(index)
    for error in (
        ownprint.RecordError("invalid-record", "m", 3, 4),
        ownprint.FileError("io", "m", 2, "a.jpg"),
        ownprint.HashError("invalid-hash", "m"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert isinstance(again, type(error)) and again.code == error.code
        assert str(again) == str(error) and again.__dict__ == error.__dict__


def test_progress(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(5 * 2**20 + 3))
    seen: list[int] = []
    ownprint.fingerprint(large, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 5 * 2**20 + 3 and len(seen) >= 5

    def stop(read: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ownprint.fingerprint(large, progress=stop)


def test_a_token_cancels(tmp_path: Path) -> None:
    token = ownprint.CancelToken()
    assert not token.is_cancelled
    token.cancel()
    assert token.is_cancelled
    fingerprinter = ownprint.Fingerprinter()
    for given in (PIXMAP, io.BytesIO(PIXMAP), np.zeros((64, 64), np.uint8)):
        with pytest.raises(ownprint.CancelledError) as caught:
            fingerprinter.fingerprint(given, cancel=token)
        assert caught.value.code == "cancelled"

    class Endless:
        def read(self, size: int) -> bytes:
            return bytes(size)

    token = ownprint.CancelToken()
    threading.Timer(0.2, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(ownprint.CancelledError):
        fingerprinter.fingerprint(Endless(), cancel=token)
    assert time.monotonic() - start < 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_a_long_call(request: pytest.FixtureRequest) -> None:
    program = """
import signal
import ownprint
# A process that was started in the background may ignore the signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Endless:
    def read(self, size): return b'.' * size
print('started', flush=True)
try:
    ownprint.fingerprint(Endless())
except KeyboardInterrupt:
    print('interrupted', flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    request.addfinalizer(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "interrupted\n"


def test_one_fingerprinter_serves_many_threads(photo: Path) -> None:
    fingerprinter = ownprint.Fingerprinter()
    expected = fingerprinter.fingerprint(photo)
    found: list[ownprint.Fingerprint] = []
    threads = [
        threading.Thread(target=lambda: found.append(fingerprinter.fingerprint(photo)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_the_interpreter_runs_while_hashes_are_computed() -> None:
    """With the GIL held, the other thread would not count during the call."""
    pixels = np.zeros((8000, 8000, 3), np.uint8)
    count, done = 0, threading.Event()

    def work() -> None:
        ownprint.Fingerprinter(hashes=["all"]).fingerprint(pixels)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        count += 1
    thread.join()
    assert count >= 10


def test_limits_of_a_stream_apply(tmp_path: Path) -> None:
    limited = ownprint.Fingerprinter(limits=ownprint.Limits(file_bytes=100))
    fingerprint = limited.fingerprint(PIXMAP)
    assert fingerprint.error is not None and fingerprint.error.code == "limit-exceeded"
    assert fingerprint.digest("md5") == hashlib.md5(PIXMAP).hexdigest()


def test_no_other_module_is_imported() -> None:
    program = "import ownprint, sys; print(sorted({'numpy', 'PIL', 'pyarrow'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )
    assert output.stdout == "[]\n", output.stderr
