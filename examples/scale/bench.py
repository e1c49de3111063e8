"""Measures images a second and core of ownprint and PyPI pdqhash inside each engine.

    python bench.py [--images N] [--width PIXELS] [--rounds N] [ENGINE]...

Engines: `ray`, `spark`, `duckdb`; `postgresql` measures look-ups, and needs a server: `--socket`,
`--user` and `--database`. The two hashers take turns in one session of the engine. The workers
measure their own processor time, because it depends little on what else runs on the machine.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import ownprint
import pdqhash
import pyarrow as pa
from PIL import Image

HILLS = Path(__file__).resolve().parents[1] / "images" / "hills.jpg"
FINGERPRINTER = ownprint.Fingerprinter(hashes=["pdq"], digests=[])
SCHEMA = pa.schema([("path", pa.string()), ("pdq", pa.binary()), ("seconds", pa.float64())])
Hasher = Callable[[pa.Table], pa.Table]


def with_ownprint(files: pa.Table, threads: int | None = 1) -> pa.Table:
    """Hash files with ownprint."""
    start = time.process_time()
    paths = files["path"].to_pylist()
    results = ownprint.fingerprint_many(paths, threads=threads, fingerprinter=FINGERPRINTER)
    return rows(files, results.to_arrow()["pdq"].cast(pa.binary()), start)


def with_pdqhash(files: pa.Table) -> pa.Table:
    """Hash files with Pillow and pdqhash."""
    start = time.process_time()
    hashes = []
    for path in files["path"].to_pylist():
        bits, _ = pdqhash.compute(np.asarray(Image.open(path).convert("RGB")))
        hashes.append(np.packbits(bits).tobytes())
    return rows(files, pa.array(hashes, pa.binary()), start)


def rows(files: pa.Table, hashes: pa.Array, start: float) -> pa.Table:
    """Return the rows of a batch, with the processor time for each."""
    seconds = (time.process_time() - start) / max(1, len(files))
    paths = files["path"].cast(pa.string())
    return pa.table([paths, hashes, pa.array([seconds] * len(files))], schema=SCHEMA)


def in_ray(paths: list[str]) -> Iterator[Callable[[Hasher], pa.Table]]:
    """Yield a function that hashes in Ray Data."""
    import ray

    ray.init(num_cpus=os.cpu_count(), include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    table = pa.table({"path": paths})

    def run(hasher: Hasher) -> pa.Table:
        files = ray.data.from_arrow(table).repartition(os.cpu_count() or 1)
        hashed = files.map_batches(hasher, batch_format="pyarrow", batch_size=4, num_cpus=1)
        return pa.concat_tables(ray.get(hashed.to_arrow_refs()))

    yield run
    ray.shutdown()


def in_spark(paths: list[str]) -> Iterator[Callable[[Hasher], pa.Table]]:
    """Yield a function that hashes in Spark."""
    from with_spark import session

    with session() as spark:
        files = spark.createDataFrame([(path,) for path in paths], "path string")
        files = files.repartition(os.cpu_count() or 1)

        def run(hasher: Hasher) -> pa.Table:
            def batches(found: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
                for batch in found:
                    yield from hasher(pa.Table.from_batches([batch])).to_batches()

            return files.mapInArrow(batches, "path string, pdq binary, seconds double").toArrow()

        yield run


def in_duckdb(paths: list[str]) -> Iterator[Callable[[Hasher], pa.Table]]:
    """Yield a function that hashes in DuckDB, where Python has one process."""
    import duckdb

    table = pa.table({"path": paths})
    counter = iter(range(10**6))

    with duckdb.connect() as connection:
        connection.register("files", table)

        def run(hasher: Hasher) -> pa.Table:
            def function(column: pa.ChunkedArray) -> pa.StructArray:
                files = pa.table({"path": column})
                ours = hasher is with_ownprint
                hashed = hasher(files, threads=None) if ours else hasher(files)
                return hashed.drop(["path"]).to_struct_array().combine_chunks()

            name = f"hash_{next(counter)}"
            connection.create_function(
                name, function, ["VARCHAR"], "STRUCT(pdq BLOB, seconds DOUBLE)", type="arrow"
            )
            return connection.sql(f"SELECT path, UNNEST({name}(path)) FROM files").to_arrow_table()

        yield run


ENGINES = {"ray": in_ray, "spark": in_spark, "duckdb": in_duckdb}


def compare(engine: str, paths: list[str], rounds: int) -> None:
    """Print a row of the table for an engine."""
    hashers: dict[str, Hasher] = {"ownprint": with_ownprint, "pdqhash": with_pdqhash}
    cpu: dict[str, list[float]] = {name: [] for name in hashers}
    wall: dict[str, list[float]] = {name: [] for name in hashers}
    for run in ENGINES[engine](paths):
        for turn in range(rounds + 1):
            for name, hasher in hashers.items():
                start = time.perf_counter()
                found = run(hasher)
                seconds = (time.perf_counter() - start) / len(paths)
                assert sorted(found["path"].to_pylist()) == sorted(paths)
                assert len(set(found["pdq"].to_pylist())) == 1
                # The first turn starts the workers.
                if turn:
                    wall[name].append(seconds)
                    cpu[name].append(statistics.mean(found["seconds"].to_pylist()))
    ours, theirs = (statistics.median(cpu[name]) for name in hashers)
    ours_wall, theirs_wall = (1 / statistics.median(wall[name]) for name in hashers)
    ratio = statistics.median(b / a for a, b in zip(*cpu.values(), strict=True))
    print(
        f"| {engine} | {1 / ours:.1f} | {1 / theirs:.2f} | {ratio:.1f}x "
        f"| {ours_wall:.1f} | {theirs_wall:.2f} |",
        flush=True,
    )


def postgresql(socket: str, database: str, user: str, rounds: int) -> None:
    """Print the time of look-ups, with the index table and without it."""
    from with_postgresql import connect, load

    connection = connect(socket, database, user)
    source = random.Random(1)
    print("| hashes | COPY, hashes/s | index table, ms | every row, ms |\n|---|---|---|---|")
    total = 0
    hashes: list[int] = []
    for count in (10_000, 100_000):
        new = [source.getrandbits(256) for _ in range(count - total)]
        start = time.perf_counter()
        for first in range(0, len(new), 10_000):
            part = new[first : first + 10_000]
            load(
                connection,
                pa.table(
                    {
                        "path": [f"{total + first + at}" for at in range(len(part))],
                        "pdq": pa.array([it.to_bytes(32, "big") for it in part], pa.binary(32)),
                        "pdq_quality": [100] * len(part),
                        "md5": pa.nulls(len(part), pa.binary(16)),
                        "warnings": pa.array([[]] * len(part), pa.list_(pa.string())),
                        "error_code": pa.nulls(len(part), pa.string()),
                    }
                ),
            )
        speed = len(new) / (time.perf_counter() - start)
        hashes += new
        total = count
        connection.run("ANALYZE")
        times: dict[str, list[float]] = {"similar_to": [], "similar_to_any": []}
        for _ in range(rounds * 5):
            query = f"{source.choice(hashes) ^ source.getrandbits(256) & 0xFFFF:0256b}"
            answers = []
            for name, seconds in times.items():
                start = time.perf_counter()
                answers.append(
                    connection.run(f"SELECT * FROM {name}(CAST(:it AS bit(256)))", it=query)
                )
                seconds.append(time.perf_counter() - start)
            assert answers[0] == answers[1] and answers[0]
        ours, every = (statistics.median(seconds) * 1e3 for seconds in times.values())
        print(f"| {count} | {speed:.0f} | {ours:.1f} | {every:.1f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", choices=[[], *ENGINES, "postgresql"])
    parser.add_argument("--images", type=int, default=16)
    parser.add_argument("--width", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    for option in ("--socket", "--database", "--user"):
        parser.add_argument(option)
    arguments = parser.parse_args()
    # Ray reports how it is used, unless this is set.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} processors, load {load}\n")
    engines = [name for name in arguments.engines or ENGINES if name in ENGINES]
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        size = (arguments.width, arguments.width * 3 // 4)
        image = Image.open(HILLS).convert("RGB").resize(size, Image.Resampling.LANCZOS)
        image.save(photo, quality=90)
        paths = []
        for at in range(arguments.images):
            path = photo.with_name(f"{at}.jpg")
            os.link(photo, path)
            paths.append(str(path))
        if engines:
            print(
                "| engine | ownprint, images/s of processor time | pdqhash | ratio "
                "| ownprint, images/s | pdqhash |\n|---|---|---|---|---|---|"
            )
        for engine in engines:
            compare(engine, paths, arguments.rounds)
    if "postgresql" in arguments.engines:
        postgresql(arguments.socket, arguments.database, arguments.user, arguments.rounds)


if __name__ == "__main__":
    main()
