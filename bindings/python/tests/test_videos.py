"""Video files: every codec, records, and the signal type of python-threatexchange."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

import ownprint

VIDEOS = ROOT / "fuzz" / "corpus" / "video"
CODECS = {"h264", "hevc", "vp9", "vp8", "av1"}


def test_every_codec_is_decoded() -> None:
    fingerprinter = ownprint.Fingerprinter(hashes=["vpdq"])
    found = set()
    for path in sorted(VIDEOS.iterdir()):
        fingerprint = fingerprinter.fingerprint(path)
        assert fingerprint.digest("sha256") is not None
        video = fingerprint.video
        if video is None:
            assert fingerprint.error is not None or fingerprint.warnings, path
            continue
        found.add(video.codec)
        assert video.width > 0
        assert video.frame_rate[0] > 0
        assert [frame.frame for frame in video.vpdq][:1] == [0], path
        record = fingerprint.to_record(path.name)
        assert ownprint.FingerprintRecord.from_json(record.to_json()) == record
    assert found == CODECS


def test_a_file_that_is_not_decoded_has_a_warning() -> None:
    fingerprint = ownprint.Fingerprinter(hashes=["vpdq"]).fingerprint(VIDEOS / "mpeg-4.mp4")
    assert fingerprint.video is None
    assert [warning.code for warning in fingerprint.warnings] == ["unsupported-video"]


@pytest.mark.parametrize("name", ["b-frames.mp4", "vp9.webm"])
def test_options_and_comparison(name: str) -> None:
    path = VIDEOS / name
    every = ownprint.Fingerprinter(
        hashes=["vpdq"], vpdq=ownprint.VpdqOptions(seconds_per_hash=0)
    ).fingerprint(path)
    video = every.video
    assert video is not None
    assert len(video.vpdq) == video.frames > 1
    assert ownprint.compare_videos(video, video).query_percent in (0.0, 100.0)
    pruned = ownprint.Fingerprinter(
        hashes=["vpdq"], vpdq=ownprint.VpdqOptions(seconds_per_hash=0, prune=256)
    ).fingerprint(path)
    assert pruned.video is not None
    assert pruned.video.vpdq == video.vpdq[:1]


def test_the_signal_type_has_the_features_of_the_file() -> None:
    path = VIDEOS / "b-frames.mp4"
    video = ownprint.Fingerprinter(hashes=["vpdq"]).fingerprint(path).video
    assert video is not None
    pytest.importorskip("threatexchange")
    from ownprint.threatexchange import VPDQSignal

    signal = VPDQSignal.hash_from_file(path)
    assert signal == ownprint.write_vpdq_features(video)
    assert VPDQSignal.validate_signal_str(signal) == signal
    with pytest.raises(ownprint.DecodeError):
        VPDQSignal.hash_from_file(Path(__file__))
