"""Records, lists and pages: every vector of `records.json`, strictly and tolerantly."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from conftest import vectors

import ownprint

RECORDS = vectors("records.json")
FORMS = RECORDS["forms"]


def row(hash: ownprint.ListedHash) -> dict[str, object]:
    members = asdict(hash)
    members["hex"] = members.pop("hash")
    return members


def read_record(text: str) -> dict[str, object]:
    return {"written": ownprint.FingerprintRecord.from_json(text).to_json()}


def read_csv(text: str) -> dict[str, object]:
    return {"records": [record.to_json() for record in ownprint.read_csv(text.encode())]}


def read_list(text: str) -> dict[str, object]:
    return {"hashes": [row(hash) for hash in ownprint.read_list(text.encode())]}


def read_page(text: str) -> dict[str, object]:
    return {"written": ownprint.write_stopncii_page(ownprint.read_stopncii_page(text))}


def feature(it: ownprint.VpdqFeature) -> dict[str, object]:
    return {"hex": it.hash, "quality": it.quality, "seconds": it.seconds}


def read_frame(text: str) -> dict[str, object]:
    frame = ownprint.read_vpdq_frame(text)
    written = ownprint.write_vpdq_frame(frame)
    return {"frame": frame.frame, "feature": feature(frame), "written": written}


def read_features(text: str) -> dict[str, object]:
    video = ownprint.read_vpdq_features(text)
    return {
        "features": [feature(it) for it in video],
        "written": ownprint.write_vpdq_features(video),
    }


READERS = {
    "record": read_record,
    "csv": read_csv,
    "list": read_list,
    "stopncii": read_page,
    "vpdq-line": read_frame,
    "vpdq-json": read_features,
}


def test_every_form_has_a_reader() -> None:
    assert set(FORMS) == set(READERS)


@pytest.mark.parametrize("form", READERS)
def test_valid_texts_are_read_and_written_again(form: str) -> None:
    assert len(FORMS[form]["valid"]) >= 2
    for expected in FORMS[form]["valid"]:
        found = READERS[form](expected["text"])
        assert found == {key: expected[key] for key in found}, expected["text"]


@pytest.mark.parametrize("form", READERS)
def test_invalid_texts_are_rejected_with_a_position(form: str) -> None:
    assert len(FORMS[form]["invalid"]) >= 8
    for expected in FORMS[form]["invalid"]:
        with pytest.raises(ownprint.RecordError) as caught:
            READERS[form](expected["text"])
        error = caught.value
        found = (error.code, error.line, error.column, error.message)
        wanted = tuple(expected[key] for key in ("code", "line", "column", "message"))
        assert found == wanted, expected["text"]


def test_invalid_rows_are_skipped_counted_and_named() -> None:
    for case in RECORDS["tolerant"]["lists"]:
        found = ownprint.read_list_tolerant(case["text"].encode())
        assert [row(hash) for hash in found.hashes] == case["hashes"]
        assert skipped(found.skipped) == case["skipped"]
    for case in RECORDS["tolerant"]["pages"]:
        page, rows = ownprint.read_stopncii_page_tolerant(case["text"])
        assert ownprint.write_stopncii_page(page) == case["written"]
        assert skipped(rows) == case["skipped"]
    with pytest.raises(ownprint.RecordError):
        ownprint.read_list_tolerant(b"words")


def skipped(rows: ownprint.SkippedRows) -> dict[str, object]:
    return {"count": rows.count, "rows": [asdict(it) for it in rows.rows]}


@pytest.mark.parametrize("length", [1, 7, 100])
def test_a_list_in_chunks_gives_the_same_hashes(length: int) -> None:
    for case in FORMS["list"]["valid"]:
        data = case["text"].encode()
        reader = ownprint.ListReader()
        found = []
        for start in range(0, len(data), length):
            found += reader.update(data[start : start + length])
        found += reader.finalize().hashes
        assert [row(hash) for hash in found] == case["hashes"]
        with pytest.raises(ownprint.FileError):
            reader.finalize()


def test_tables_have_the_rows_of_the_command_line() -> None:
    for case in RECORDS["tables"]:
        table = ownprint.CsvTable(case["algorithms"], variants=case["variants"])
        assert table.header() == case["header"]
        records = [ownprint.FingerprintRecord.from_json(text) for text in case["records"]]
        assert [table.row(record) for record in records] == case["rows"]


def test_formulas_are_escaped_on_request() -> None:
    record = ownprint.FingerprintRecord(path="=1+1")
    assert ownprint.CsvTable(["md5"]).row(record).startswith("=1+1,")
    assert ownprint.CsvTable(["md5"], escape_formulas=True).row(record).startswith("'=1+1,")


def test_lines_of_exchanges() -> None:
    for case in RECORDS["exchange_lines"]:
        hash = ownprint.PerceptualHash(case["algorithm"], (case["hex"],), case["quality"])
        assert ownprint.threatexchange_line(hash) == case["line"]


def test_a_computed_fingerprint_loses_nothing_as_a_record() -> None:
    y, x = divmod(range(80 * 80)[-1], 80)
    assert (y, x) == (79, 79)
    file = b"P5 80 80 255\n" + bytes(at % 80 * (at // 80) // 5 % 256 for at in range(80 * 80))
    names = ["pdq", "pdq-dihedral", "phash:16", "crop-resistant"]
    variants = ["mirror", "crop:4", "crop:4.1"]
    fingerprinter = ownprint.Fingerprinter(hashes=names, variants=variants, rgb_md5=True)
    record = fingerprinter.fingerprint(file).to_record('a, "b".pgm')
    assert record.variants is not None and len(record.variants.skipped) == 1
    assert ownprint.FingerprintRecord.from_json(record.to_json()) == record
    assert ownprint.FingerprintRecord.from_dict(record.to_dict()) == record
