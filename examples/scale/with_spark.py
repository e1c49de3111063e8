"""Hashes files with Spark.

    spark-submit --py-files hashing.py with_spark.py FOLDER OUTPUT

OUTPUT is a folder of Parquet files, one row for each file. Run the command again after an
interruption: files that have a row are not hashed again.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from hashing import SCHEMA, files_below, groups, hash_table, without_finished

# Spark writes the rows of a job when all of them are finished.
FILES_PER_JOB = 100_000
COLUMNS = (
    "path string, pdq binary, pdq_quality short, md5 binary, "
    "warnings array<string>, error_code string"
)


def session(processors: str = "*") -> SparkSession:
    """Return a session on this machine. A cluster has its own, with the same second setting."""
    return (
        SparkSession.builder.master(f"local[{processors}]")
        .config("spark.ui.enabled", "false")
        # Rows in one Arrow batch, 10,000 by default. With file contents, all are in memory.
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
        .getOrCreate()
    )


def hash_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Hash the files of a partition, batch by batch."""
    for batch in batches:
        hashed = hash_table(pa.Table.from_batches([batch]))
        # Spark has neither binary of a fixed length nor unsigned bytes.
        yield from hashed.cast(spark_schema()).to_batches()


def spark_schema() -> pa.Schema:
    """Return the schema in the types of Spark."""
    types = {"pdq": pa.binary(), "pdq_quality": pa.int16(), "md5": pa.binary()}
    return pa.schema([(field.name, types.get(field.name, field.type)) for field in SCHEMA])


def hash_files(files: DataFrame) -> DataFrame:
    """Hash a table with a column `path` and optionally a column `bytes`."""
    return files.mapInArrow(hash_batches, COLUMNS)


def hash_folder(spark: SparkSession, folder: str, output: str) -> None:
    """Hash the files of a folder that every worker can read."""
    for paths in groups(without_finished(files_below(folder), Path(output)), FILES_PER_JOB):
        partitions = max(spark.sparkContext.defaultParallelism, len(paths) // 1000)
        files = spark.createDataFrame([(path,) for path in paths], "path string")
        hash_files(files.repartition(partitions)).write.mode("append").parquet(output)


def hash_parquet(spark: SparkSession, files: str, output: str) -> None:
    """Hash a Parquet table with the columns `path` and `bytes`."""
    table = spark.read.parquet(files).select("path", "bytes")
    if list(Path(output).glob("*.parquet")):
        table = table.join(spark.read.parquet(output).select("path"), "path", "left_anti")
    hash_files(table).write.mode("append").parquet(output)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    (hash_folder if Path(source).is_dir() else hash_parquet)(session(), source, target)
