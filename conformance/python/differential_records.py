"""Compares the exchange formats for fingerprints with the programs that define them.

* python-threatexchange's local file exchange reads the output of the command line for exchanges,
  and its PDQ index finds the hash of each image at distance 0.
* The JSON of vPDQ is equal to that of python-threatexchange, byte for byte, in both directions.
  (Its module imports the native library `vpdq`, which is not installed; an empty module replaces
  it.)
* The parser of StopNCII.org's client reads a page of its records.
* Every record of the command line and every valid record of conformance/vectors satisfies
  docs/schema/fingerprint-1.json; the reader rejects the same records as the schema.

    python conformance/python/differential_records.py --programs target/debug
"""

import argparse
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import types

import jsonschema

sys.modules.setdefault("vpdq", types.SimpleNamespace(VpdqFeature=None, computeHash=None))

from threatexchange.exchanges.clients.stopncii import api as stopncii
from threatexchange.exchanges.impl.file_api import FileCollaborationConfig, LocalFileSignalExchangeAPI
from threatexchange.extensions.vpdq import vpdq_util
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "images"
SEED = 20261122


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `ownprint` and `read-forms`")
    programs = pathlib.Path(parser.parse_args().programs)
    folders = [EXAMPLES, *map(pathlib.Path, filter(None, [os.environ.get("OWNPRINT_CORPUS")]))]
    if len(folders) == 1:
        print("OWNPRINT_CORPUS is not set: example images only")
    forms = Forms(programs)
    for folder in folders:
        exchange(forms, folder)
        schema(forms, folder)
    refusals(forms)
    vpdq(forms)
    stopncii_page(forms)
    return 0


class Forms:
    def __init__(self, programs):
        self.programs = programs

    def hash(self, folder, form, *options):
        """Returns the output of the command line for a folder. Damaged files in a corpus cause
        status 1.
        """
        command = [self.programs / "ownprint", "hash", "--recursive", "--format", form, *options, folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert done.returncode in (0, 1), done.returncode
        return done.stdout

    def again(self, form, text):
        """Returns the text that the core writes after reading a form, or None if it is rejected."""
        data = text if isinstance(text, bytes) else text.encode()
        done = subprocess.run([self.programs / "read-forms", form], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode == 1:
            assert b"InvalidRecord" in done.stderr, done.stderr
            return None
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()


def exchange(forms, folder):
    lines = forms.hash(folder, "threatexchange")
    with tempfile.TemporaryDirectory(prefix="ownprint-records-") as place:
        path = pathlib.Path(place) / "exchange.txt"
        path.write_bytes(lines)
        config = FileCollaborationConfig(name="ownprint", filename=str(path))
        fetched = LocalFileSignalExchangeAPI.for_collab(config).fetch_iter([PdqSignal], None)
        read = [key for delta in fetched for key in delta.updates]
    wanted = {}
    for record in map(json.loads, forms.hash(folder, "jsonl", "--algorithms", "pdq").splitlines()):
        hash_ = record.get("hashes", {}).get("pdq")
        if hash_ and hash_["quality"] >= PdqSignal.QUALITY_THRESHOLD:
            wanted.setdefault(hash_["hex"], record["path"])
    assert read == [("pdq", hash_) for hash_ in wanted], "the exchange reads different hashes"
    assert wanted
    index = PdqSignal.get_index_cls().build([(PdqSignal.validate_signal_str(hash_), hash_) for _, hash_ in read])
    for hash_, path in wanted.items():
        matches = {match.metadata: match.similarity_info.distance for match in index.query(hash_)}
        assert matches.get(hash_) == 0, f"{path}: {matches}"
    listed = forms.again("list", lines).splitlines()
    assert [line.split()[1:3] for line in listed] == [line.split() for line in lines.decode().splitlines()]
    print(f"{folder.name}: threatexchange's file exchange reads {len(read)} hashes and finds each at distance 0")


def schema_of_records():
    document = json.loads((ROOT / "docs/schema/fingerprint-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def schema(forms, folder):
    validator = schema_of_records()
    lines = forms.hash(folder, "jsonl", "--algorithms", "all", "--rgb-md5").decode()
    records = [json.loads(line) for line in lines.splitlines()]
    for record in records:
        validator.validate(record)
    assert forms.again("records", lines) == lines
    by_json = [line.split(" ", 1)[1] for line in forms.again("list", lines).splitlines()]
    table = forms.hash(folder, "csv", "--algorithms", "all", "--rgb-md5")
    by_table = [line.split(" ", 1)[1] for line in forms.again("list", table).splitlines()]
    assert by_json == by_table and by_json
    failed = sum("error" in record for record in records)
    print(f"{folder.name}: {len(records)} records satisfy the schema, {failed} of them errors; CSV has the same {len(by_json)} hashes")


def refusals(forms):
    """Checks records that the schema and the reader must reject, and some that both must accept."""
    validator = schema_of_records()
    options = ["--algorithms", "pdq,pdq-dihedral,phash,crop-resistant,md5,sha1", "--rgb-md5"]
    sound = json.loads(forms.hash(EXAMPLES / "hills.jpg", "jsonl", *options))
    hex_ = sound["hashes"]["pdq"]["hex"]

    def put(*path):
        def change(record):
            *way, key, value = path
            for step in way:
                record = record[step]
            record[key] = value

        return change

    def drop(*path):
        def change(record):
            *way, key = path
            for step in way:
                record = record[step]
            del record[key]

        return change

    image = ["format", "width", "height", "orientation", "stored_width", "stored_height", "orientation_applied"]
    error = {"code": "damaged", "message": "\u00e4"}
    refused = [
        *(put("schema", value) for value in (2, 0, "1", None, True)),
        *(drop(key) for key in ("schema", "hashes", "digests", "warnings", *image)),
        *(put("width", value) for value in (0, -1, 2**32, 1.5, "80", None)),
        *(put("orientation", value) for value in (0, 9)),
        *(put("format", value) for value in ("JPEG", "xcf", 1)),
        *(put("orientation_applied", value) for value in ("true", 1, None)),
        *(put("damaged", value) for value in (False, 1)),
        *(put("rgb_md5", value) for value in ("0" * 31, "F" * 32, None)),
        *(put("hashes", "pdq", "hex", value) for value in (hex_[:32], hex_.upper(), hex_ + "0", "", " " + hex_[1:], [hex_], None)),
        *(put("hashes", "pdq", "quality", value) for value in (-1, 101, 1.5, "98", None)),
        put("hashes", "pdq", "weight", 1),
        put("hashes", "pdq-dihedral", "hex", [hex_] * 7),
        put("hashes", "pdq-dihedral", "hex", hex_),
        put("hashes", "crop-resistant", "hex", []),
        put("hashes", "PDQ", {"hex": hex_}),
        put("digests", "md5", "0" * 33),
        put("digests", "crc32", "0" * 8),
        put("warnings", [{"code": "damaged"}]),
        put("warnings", [{"code": "Damaged", "message": ""}]),
        put("warnings", "damaged"),
        put("decoder", {"name": "platform"}),
        *(put("decoder", value) for value in ("ownprint", "platform", None, {}, {"revision": 1})),
        *(put("decoder", {"name": "ownprint", "revision": value}) for value in (0, -1, 2**31, 1.5, "1")),
        put("decoder", {"name": "ownprint"}),
        put("decoder", {"name": "browser", "revision": 1}),
        put("decoder", {"name": "ownprint", "revision": 1, "version": 1}),
        lambda record: record.update(
            decoder={"name": "platform", "revision": 1}, deterministic=False
        ),
        lambda record: [record.pop(key) for key in [*image, "rgb_md5"]]
        + [record.update(decoder={"name": "ownprint", "revision": 1}, deterministic=False)],
        put("deterministic", True),
        *(put("error", value) for value in (None, "io", [], {}, {"code": "io"}, {"message": ""})),
        put("error", {"code": "I/O", "message": ""}),
        put("error", {**error, "detail": ""}),
        # An error does not replace the other members.
        lambda record: [record.pop(key) for key in [*record] if key != "schema"] + [record.update(error=error)],
        put("failure", error),
        put("path", None),
        put("name", "a"),
    ]
    taken = [
        lambda record: None,
        drop("path"),
        put("format", None),
        put("damaged", True),
        drop("rgb_md5"),
        drop("hashes", "pdq", "quality"),
        lambda record: record.update(decoder={"name": "platform"}, deterministic=False),
        lambda record: [record.pop(key) for key in [*image, "rgb_md5"]]
        + [record.update(decoder={"name": "platform"}, deterministic=False)],
        put("decoder", {"name": "ownprint", "revision": 1}),
        put("decoder", {"name": "ownprint", "revision": 2**31 - 1}),
        put("deterministic", False),
        put("error", error),
        lambda record: [record.pop(key) for key in [*image, "rgb_md5"]],
        lambda record: [record.pop(key) for key in [*image, "rgb_md5"]] + [record.update(hashes={}, error=error)],
        put("hashes", {}),
        put("warnings", [{"code": "low-quality", "message": "\u00e4\n"}]),
    ]
    for expected, changes in ((False, refused), (True, taken)):
        for change in changes:
            record = copy.deepcopy(sound)
            change(record)
            text = json.dumps(record)
            assert validator.is_valid(record) == expected, f"the schema: {text}"
            assert (forms.again("records", text) is not None) == expected, f"the reader: {text}"
    vectors = json.loads((ROOT / "conformance/vectors/records.json").read_text())["forms"]["record"]
    for vector in vectors["valid"]:
        validator.validate(json.loads(vector["text"]))
        validator.validate(json.loads(vector["written"]))
    print(
        f"schema and reader both reject {len(refused)} records and accept {len(taken)};"
        f" the schema accepts the {len(vectors['valid'])} valid vectors"
    )


def vpdq(forms):
    """Checks features of videos: random features, and times at the limits of Python's number
    formats.
    """
    chance = random.Random(SEED)
    times = [0.0, 0.001, 0.0004, 1 / 3, 9.995, 9.996, 10.0, 99.94, 99.95, 99.96, 100.0, 123.456, 999.5, 1e3, 86400.25]
    times += [round(chance.uniform(0, 10 ** chance.randint(0, 5)), 3) for _ in range(20_000)]
    features = [
        vpdq_util.VpdqCompactFeature(f"{chance.getrandbits(256):064x}", chance.randint(0, 100), time) for time in times
    ]
    theirs = vpdq_util.vpdq_to_json(features)
    assert forms.again("vpdq-json", theirs) == theirs + "\n"
    lines = "".join(
        f"{frame},{feature.quality},{feature.pdq_hex},{feature.timestamp:.3f}\n" for frame, feature in enumerate(features)
    )
    assert forms.again("vpdq-lines", lines) == lines
    rounded = [
        vpdq_util.VpdqCompactFeature(feature.pdq_hex, feature.quality, float(f"{feature.timestamp:.3f}")) for feature in features
    ]
    ours = forms.again("vpdq-lines-to-json", lines).rstrip("\n")
    assert ours == vpdq_util.vpdq_to_json(rounded)
    assert len(vpdq_util.json_to_vpdq(ours)) == len(features)
    print(f"{len(features)} vPDQ features equal those of threatexchange, byte for byte")


def stopncii_page(forms):
    pdq, md5 = PdqSignal.get_examples()[0], VideoMD5Signal.get_examples()[0]
    statuses = [status.value for status in stopncii.StopNCIICaseStatus]
    values = [value.value for value in stopncii.StopNCIICSPFeedbackValue]
    kinds = {"ImagePDQ": pdq, "VideoMD5": md5, "VideoTMK": "a", "Text": "\u00e4 \"b\"", "URL": "https://example.org/", "Unknown": ""}
    assert set(kinds) == {kind.value for kind in stopncii.StopNCIISignalType}
    records = [
        {
            "lastModtimestamp": 1_700_000_000,
            "signalType": kind,
            "hashValue": value,
            "hashStatus": statuses[place % len(statuses)],
            "caseNumbers": {f"case {status}": status for status in statuses} if place else [],
            "CSPFeedbacks": [{"feedbackValue": value, "tags": ["a"], "source": "b"} for value in values],
        }
        for place, (kind, value) in enumerate(kinds.items())
    ]
    page = {"count": len(records), "nextPageToken": None, "nextSetTimestamp": 7, "hasMoreRecords": True, "hashRecords": records}

    def parsed(text):
        client = stopncii.StopNCIIAPI("key", "key")
        client._get = lambda *_, **__: json.loads(text)
        answer = client.fetch_hashes()
        assert len(answer.hashRecords) == len(records), "the client skipped a record"
        return answer

    text = json.dumps(page)
    assert parsed(forms.again("stopncii", text)) == parsed(text)
    # The client normalizes an MD5, and so does the reader for both kinds of hashes.
    assert VideoMD5Signal.validate_signal_str(md5.upper()) == md5
    assert forms.again("stopncii", text.replace(pdq, pdq.upper()).replace(md5, md5.upper())) == forms.again("stopncii", text)
    listed = [line.split()[1:3] for line in forms.again("list", text).splitlines()]
    assert listed == [["pdq", pdq]] * sum(record["hashStatus"] not in ("Withdrawn", "Deleted") for record in records[:1]), listed
    for broken in (text.replace(pdq, pdq[1:]), text.replace(md5, md5[1:]), text.replace("ImagePDQ", "PDQ")):
        assert broken != text and forms.again("stopncii", broken) is None
    print(f"StopNCII's client parses {len(records)} records")


if __name__ == "__main__":
    sys.exit(main())
