"""The signal types in python-threatexchange: next to its own types, and in its command line."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import IMAGES, vectors
from PIL import Image, ImageOps
from threatexchange.content_type.photo import PhotoContent
from threatexchange.content_type.video import VideoContent
from threatexchange.interface_validation import SignalTypeMapping
from threatexchange.signal_type.md5 import VideoMD5Signal as StockMD5
from threatexchange.signal_type.pdq.pdq_index import PDQIndex as StockIndex
from threatexchange.signal_type.pdq.signal import PdqSignal as StockPdq

import ownprint
from ownprint.threatexchange import (
    TX_MANIFEST,
    PDQIndex,
    PdqSignal,
    VideoMD5Signal,
    VPDQIndex,
    VPDQSignal,
)

RANDOM = random.Random(1)
HASHES = [f"{RANDOM.getrandbits(256):064x}" for _ in range(200)]
PHOTOS = sorted(IMAGES.glob("*.jpg"))


def near(hash: str, bits: int) -> str:
    return f"{int(hash, 16) ^ sum(1 << bit for bit in RANDOM.sample(range(256), bits)):064x}"


def test_names_are_those_of_the_stock_types() -> None:
    assert PdqSignal.get_name() == StockPdq.get_name() == "pdq"
    assert VideoMD5Signal.get_name() == StockMD5.get_name() == "video_md5"
    assert VPDQSignal.get_name() == "vpdq"
    assert PdqSignal.INDICATOR_TYPE == StockPdq.INDICATOR_TYPE
    types = [PdqSignal, VideoMD5Signal, VPDQSignal]
    mapping = SignalTypeMapping([PhotoContent, VideoContent], types)
    assert mapping.signal_type_by_content[VideoContent] == [VideoMD5Signal, VPDQSignal]
    SignalTypeMapping([PhotoContent, VideoContent], [StockPdq, StockMD5, *TX_MANIFEST.signal_types])


@pytest.mark.parametrize("signal", [PdqSignal, VideoMD5Signal, VPDQSignal])
def test_examples(signal: type) -> None:
    assert signal.get_examples()
    for example in signal.get_examples():
        assert signal.validate_signal_str(example) == example
        assert signal.compare_hash(example, example).match
        index = signal.get_index_cls().build([(example, "entry")])
        assert [match.metadata for match in index.query(example)] == ["entry"]
    for invalid in ("", "0f", "zz" * 32, "[1]", "0F" * 31):
        with pytest.raises(ValueError):
            signal.validate_signal_str(invalid)


def test_pdq_hashes_are_near_those_of_the_stock_type() -> None:
    """The pixels differ where JPEG decoders differ."""
    for path in PHOTOS:
        ours, theirs = PdqSignal.hash_from_file(path), StockPdq.hash_from_file(path)
        assert ours == PdqSignal.hash_from_bytes(path.read_bytes())
        assert ownprint.distance(ours, theirs) <= 2, path
        assert PdqSignal.compare_hash(ours, theirs) == StockPdq.compare_hash(ours, theirs)
    flat = b"P5 64 64 255\n" + bytes(64 * 64)
    assert PdqSignal.hash_from_bytes(flat) == ""
    with pytest.raises(ownprint.DecodeError):
        PdqSignal.hash_from_bytes(b"text")
    for a, b in ((HASHES[0], near(HASHES[0], 31)), (HASHES[0], near(HASHES[0], 32))):
        assert PdqSignal.compare_hash(a, b) == StockPdq.compare_hash(a, b)
        assert PdqSignal.compare_hash(a, b, 32).match


def test_the_index_finds_what_the_stock_index_finds() -> None:
    entries = [(hash, {"number": at}) for at, hash in enumerate(HASHES)]
    entries += [
        (near(HASHES[at], bits), {"near": at, "bits": bits})
        for at in range(9)
        for bits in (0, 31, 32)
    ]
    ours, theirs = PDQIndex.build(entries), StockIndex.build(entries)
    assert len(ours) == len(theirs) == len(entries)
    for query in [*HASHES[:20], near(HASHES[3], 20), "0" * 64]:
        found = [
            sorted((it.similarity_info.distance, str(it.metadata)) for it in index.query(query))
            for index in (ours, theirs)
        ]
        assert found[0] == found[1]
    assert len(ours.query(HASHES[0])) == 3
    again = pickle.loads(pickle.dumps(ours))
    again.add(HASHES[0], "added")
    assert len(again) == len(ours) + 1
    assert [it.metadata for it in again.query(HASHES[0])][:2] != []
    assert any(it.metadata == "added" for it in again.query(HASHES[0]))
    file = io.BytesIO()
    ours.serialize(file)
    file.seek(0)
    assert len(PDQIndex.deserialize(file)) == len(ours)
    with pytest.raises(ValueError):
        ours.add("zz", "entry")
    assert len(ours) == len(entries)


def test_md5() -> None:
    path = PHOTOS[0]
    expected = hashlib.md5(path.read_bytes()).hexdigest()
    assert VideoMD5Signal.hash_from_file(path) == StockMD5.hash_from_file(path) == expected
    assert VideoMD5Signal.hash_from_bytes(b"") == StockMD5.hash_from_bytes(b"")


def video(*hashes: str, quality: int = 100) -> str:
    features = [ownprint.VpdqFeature(hash, quality, float(at)) for at, hash in enumerate(hashes)]
    return ownprint.write_vpdq_features(features)


def test_vpdq_comparisons_are_those_of_the_vectors() -> None:
    for case in vectors("videos.json")["comparisons"]:
        query, compared = (
            ownprint.write_vpdq_features(
                [ownprint.VpdqFeature(it["hex"], it["quality"], it["seconds"]) for it in case[name]]
            )
            for name in ("query", "compared")
        )
        result = VPDQSignal.compare_hash(query, compared)
        assert result.match == case["is_match"]
        assert result.distance.query_match_percent == pytest.approx(case["query_percent"])  # type: ignore[attr-defined]
        if not any(it["quality"] >= 50 for it in case["compared"]):
            continue
        found = VPDQIndex.build([(compared, "entry")]).query(query)
        assert [match.metadata for match in found] == ["entry"] * case["is_match"]


def test_vpdq_index() -> None:
    a, b = video(*HASHES[:10]), video(*HASHES[5:15])
    index = VPDQIndex.build([(a, "a"), (b, "b"), (a, "again")])
    assert len(index) == 3
    matches = index.query(video(*HASHES[5:9]))
    assert [match.metadata for match in matches] == ["a", "b", "again"]
    assert matches[0].similarity_info.pretty_str() == "100%[40%]"
    assert [match.metadata for match in index.query(video(*HASHES[1:7], *HASHES[20:21]))] == [
        "a",
        "again",
    ]
    assert [
        it.metadata for it in index.query(video(*(near(hash, 31) for hash in HASHES[10:14])))
    ] == ["b"]
    assert index.query(video(*(near(hash, 32) for hash in HASHES[10:14]))) == []
    assert index.query(video(*HASHES[:9], quality=49)) == []
    strict = VPDQIndex.build([(a, "a")], index_match_threshold_pct=50.0)
    assert strict.query(video(*HASHES[:4])) == [] and len(strict.query(video(*HASHES[:5]))) == 1
    assert len(pickle.loads(pickle.dumps(index)).query(a)) == 2
    with pytest.raises(ValueError, match="sufficient quality"):
        index.add(video(*HASHES[:2], quality=10), "c")


def run(state: Path, *arguments: str) -> str:
    # The program keeps its state in the home folder.
    command = [sys.executable, "-m", "threatexchange", *arguments]
    environment = {**os.environ, "HOME": str(state)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_command_line(tmp_path: Path) -> None:
    added = run(tmp_path, "config", "extensions", "add", "ownprint.threatexchange")
    assert "ownprint_pdq" in added and "vpdq" in added
    hashed = run(tmp_path, "hash", "photo", str(PHOTOS[0]))
    rows = dict(line.split(maxsplit=1) for line in hashed.splitlines())
    # Its sample list has the hash of this photograph.
    assert rows["ownprint_pdq"] in PdqSignal.get_examples()
    assert rows["ownprint_pdq"] == PdqSignal.hash_from_file(PHOTOS[0])
    assert ownprint.distance(rows["pdq"], rows["ownprint_pdq"]) <= 2
    run(tmp_path, "dataset", "-r")
    matched = run(tmp_path, "match", "photo", str(PHOTOS[0]))
    assert matched.startswith("ownprint_pdq 0 ")


def test_an_image_is_found_by_its_variants(tmp_path: Path) -> None:
    listed = [PdqSignal.hash_from_file(path) for path in PHOTOS]
    index = PDQIndex(zip(listed, PHOTOS, strict=True))
    with Image.open(PHOTOS[0]) as image:
        copy = ImageOps.expand(ImageOps.mirror(image.convert("RGB")), 40, (200, 30, 30))
    copy.save(tmp_path / "copy.png")
    assert list(index.query(PdqSignal.hash_from_file(tmp_path / "copy.png"))) == []
    for source in (tmp_path / "copy.png", (tmp_path / "copy.png").read_bytes()):
        [match] = index.query_image(source)
        assert match.metadata == PHOTOS[0]
        assert match.similarity_info.query_variant.endswith("mirror")
        assert match.similarity_info.distance <= PDQIndex.get_match_threshold()
        assert match.similarity_info.query_variant in match.similarity_info.pretty_str()


def test_an_image_of_low_quality_finds_nothing() -> None:
    flat = b"P5 64 64 255\n" + bytes([128]) * 64 * 64
    hash = ownprint.fingerprint(flat).pdq
    assert hash is not None
    index = PDQIndex([(hash.hash, "flat")])
    assert PdqSignal.hash_from_bytes(flat) == ""
    assert index.query_image(flat) == []
