"""Files as pandas 3.1 and pyarrow 26.0 write them, for tests/read.rs: one table in every format and packing."""
import datetime
import decimal

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

zone = datetime.timezone(datetime.timedelta(hours=2))
moment = datetime.datetime(2024, 2, 29, 12, 30)
table = pa.table(
    {
        "small": pa.array([1, None, 3], pa.int8()),
        "large": pa.array([1, 2, 2**40], pa.uint64()),
        "single": pa.array([0.5, float("nan"), None], pa.float32()),
        "half": pa.array([0.5, 1, 2], pa.float16()),
        "double": pa.array([0.1, -2.5, 1e300]),
        "price": pa.array([decimal.Decimal("0.10"), None, decimal.Decimal("-12.34")], pa.decimal128(9, 2)),
        "yes": pa.array([True, None, False]),
        "city": pa.array(["Paris", None, "北京"]),
        "long": pa.array(["a", "", "a"], pa.large_string()),
        "kind": pa.array(["b", "a", None]).dictionary_encode(),
        "by_number": pa.array([7, 7, 5]).dictionary_encode(),
        "day": pa.array([datetime.date(2024, 1, 31), None, datetime.date(1969, 12, 31)]),
        "moment": pa.array([moment, None, moment], pa.timestamp("us")),
        "abroad": pa.array([moment.replace(tzinfo=zone)] * 3, pa.timestamp("ns", "Europe/Paris")),
        "nothing": pa.nulls(3),
        "__index_level_0__": pa.array([5, 6, 7]),
    }
)
for packing in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(table, f"{packing}.parquet", compression=packing, row_group_size=2)
for packing in ["uncompressed", "lz4", "zstd"]:
    feather.write_feather(table, f"{packing}.feather", compression=packing, chunksize=2)
views = table.append_column("view", pa.array(["short", "a text of more than twelve bytes", None], pa.string_view()))
with pa.ipc.new_stream("stream.arrows", views.schema) as stream:
    stream.write_table(views, max_chunksize=2)

frame = pd.DataFrame({"size": [1.5, 2.5], "colour": ["red", None], "ok": [True, False]}, index=["a", "b"])
frame["colour"] = frame["colour"].astype("category")
frame.to_parquet("pandas.parquet")
pq.write_table(pa.table({"a": [1, 2], "tags": [["x"], []]}), "nested.parquet")
feather.write_feather(pa.table({"a": [1, 2], "tags": [["x"], []]}), "nested.feather")
pq.write_table(pa.table({"a": [1.0, float("inf")]}), "infinite.parquet")
