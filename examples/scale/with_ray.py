"""Hashes files with Ray Data.

    python with_ray.py FOLDER OUTPUT
    python with_ray.py FILES.parquet OUTPUT

FILES.parquet has the columns `path` and `bytes`. OUTPUT is a folder of Parquet files, one row for
each file. Run the command again after an interruption: files that have a row are not hashed again.
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import ray

from hashing import files_below, hash_table, without_finished

# Files in one call. With a column `bytes`, so many files are in memory for each worker.
BATCH = 16


def hash_folder(folder: str, output: str) -> None:
    """Hash the files of a folder that every worker can read."""
    paths = without_finished(files_below(folder), Path(output))
    if paths:
        table = pa.table({"path": pa.array(paths, pa.string())})
        # Blocks are the unit of work, and one file of the output each.
        blocks = max(1, min(len(paths) // BATCH, 1000))
        write(ray.data.from_arrow(table).repartition(blocks), output)


def hash_parquet(files: str, output: str) -> None:
    """Hash the bytes in a Parquet file, or in a folder of them."""
    # The names alone, to see which rows are missing; they are a small part of the file.
    names = ray.data.read_parquet(files).select_columns(["path"])
    paths = [
        path
        for batch in names.iter_batches(batch_format="pyarrow")
        for path in batch["path"].to_pylist()
    ]
    missing = without_finished(paths, Path(output))
    if missing:
        wanted = pa.array(missing, pa.string())
        dataset = ray.data.read_parquet(files).select_columns(["path", "bytes"])
        write(
            dataset.map_batches(
                lambda batch: batch.filter(pc.is_in(batch["path"], wanted)),
                batch_format="pyarrow",
                batch_size=BATCH,
            ),
            output,
        )


def write(files: ray.data.Dataset, output: str) -> None:
    """Hash batches of files in parallel, one processor each, and add the rows to a folder."""
    hashes = files.map_batches(hash_table, batch_format="pyarrow", batch_size=BATCH, num_cpus=1)
    hashes.write_parquet(output)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    (hash_folder if Path(source).is_dir() else hash_parquet)(source, target)
