"""The usual script in Python: Parquet in by row group, XGBoost, Parquet out. Prints one line of JSON.

It does less than a worker: no validation, no official grades, no categories (those features stay missing), no drift, no
ledger, and its files are local.

    python3 batch.py model.json in.parquet out.parquet <threads> <features>
"""

import json
import re
import resource
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost

DECLARED = [
    "energy_100g", "fat_100g", "saturated-fat_100g", "carbohydrates_100g",
    "sugars_100g", "fiber_100g", "proteins_100g", "salt_100g",
]
GRADES = np.array(["a", "b", "c", "d", "e"])


def features_of(table, width):
    matrix = np.full((table.num_rows, width), np.nan, dtype=np.float32)
    for column, name in enumerate(DECLARED):
        matrix[:, column] = table.column(name).to_numpy(zero_copy_only=False)
    energy, fat, saturated, carbohydrates, sugars, fibre, proteins, salt = matrix[:, :8].T
    with np.errstate(divide="ignore", invalid="ignore"):
        matrix[:, 9] = 100 * saturated / fat
        matrix[:, 10] = 100 * sugars / carbohydrates
    matrix[:, 11] = energy - (37 * fat + 17 * carbohydrates + 17 * proteins)
    matrix[:, 12] = 100 - fat - carbohydrates - proteins - salt
    matrix[:, 13] = energy / 335 + sugars / 3.4 + saturated + salt / 0.2
    matrix[:, 14] = np.maximum(fibre - 1.9, 0) / 1.1 + proteins / 2.4
    matrix[np.isinf(matrix)] = np.nan
    return matrix


def peak_bytes():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(model, source, target, threads, width):
    pa.set_cpu_count(threads)
    booster = xgboost.Booster({"nthread": threads})
    booster.load_model(model)
    begun, used = time.perf_counter(), time.process_time()
    file = pq.ParquetFile(source)
    writer = None
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=["code", *DECLARED])
        probabilities = booster.inplace_predict(features_of(table, width))
        out = pa.table({
            "code": table.column("code"),
            "grade": pa.array(GRADES[probabilities.argmax(axis=1)]),
            **{f"p_{grade}": probabilities[:, index] for index, grade in enumerate(GRADES)},
        })
        writer = writer or pq.ParquetWriter(target, out.schema, compression="zstd")
        writer.write_table(out)
    writer.close()
    print(json.dumps({
        "rows": file.metadata.num_rows,
        "seconds": time.perf_counter() - begun,
        "processorSeconds": time.process_time() - used,
        "peakBytes": peak_bytes(),
        "versions": f"Python {sys.version.split()[0]}, pyarrow {pa.__version__}, XGBoost {xgboost.__version__}",
    }))


main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5]))
