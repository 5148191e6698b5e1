"""Runs PySpark's own worker for the Deltic server.

The server starts this text with `python -c`, a connected socket as file descriptor FD (first argument). It is asked for one
task after the other; each task is a JSON header and the pickled functions, in frames of a 4-byte big-endian length and that
many bytes, then the input as an Arrow IPC stream in frames of the same form, ended by an empty one. The tasks run in
`pyspark.worker.main`, unchanged, which answers in its own protocol. What differs between versions of PySpark, and what a JVM
would do (grouping, rows of plain UDFs), is done here.
"""

import io
import json
import os
import struct
import sys
from collections import deque

PYTHON_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
PLAIN_UDF = 100
TABLE_UDF = 300
GROUPED = {201, 202, 209, 252}
ARROW_CONF = set(range(200, 260)) | {101, 301}


class Generated(io.RawIOBase):
    """A binary file whose content an iterator of bytes makes as it is read."""

    def __init__(self, chunks):
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def as_file(chunks):
    return io.BufferedReader(Generated(chunks), 1 << 16)


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise EOFError("the server closed the connection")
    return data


def read_frame(stream):
    return read_exactly(stream, struct.unpack("!i", read_exactly(stream, 4))[0])


def frames(stream):
    while frame := read_frame(stream):
        yield frame


def integer(value):
    return struct.pack("!i", value)


def long(value):
    return struct.pack("!q", value)


def text(value):
    data = value.encode("utf-8")
    return integer(len(data)) + data


def blob(value):
    return integer(len(value)) + value


def boolean(value):
    return b"\1" if value else b"\0"


def pairs(conf):
    return integer(len(conf)) + b"".join(text(k) + text(v) for k, v in conf.items())


def beginning(task, commands, version):
    """What `pyspark.worker.main` reads before the rows."""
    eval_type = task["eval_type"]
    out = [integer(0), text(PYTHON_VERSION)]
    if version >= (4, 2):
        context = {
            "isBarrier": False,
            "stageId": 0,
            "partitionId": 0,
            "attemptNumber": 0,
            "taskAttemptId": 0,
            "cpus": 1,
            "resources": {},
            "localProperties": {},
        }
        out.append(text(json.dumps(context)))
    else:
        # no barrier, its port and secret, stage, partition, attempt, attempt id, cpus, resources, local properties
        out += [boolean(False), integer(0), text(""), integer(0), integer(0), integer(0), long(0)]
        out += [integer(1), integer(0), integer(0)]
    out += [text(task["files_dir"]), integer(len(task["includes"]))]
    out += [text(name) for name in task["includes"]]
    out += [boolean(False), integer(0), integer(eval_type)]  # no broadcast variables
    if version >= (4, 2):
        out += [pairs(task["conf"]), pairs({"input_type": task["input_type"]} if eval_type in (101, 301) else {})]
    elif eval_type in ARROW_CONF:
        out.append(pairs(task["conf"]))
    if eval_type >= TABLE_UDF:
        out += table_function(task, commands[0], version)
        return b"".join(out)
    out.append(integer(len(commands)))
    for offsets, command in zip(task["arg_offsets"], commands):
        out.append(integer(len(offsets)))
        for offset in offsets:
            out.append(integer(offset))
            if version >= (4, 2):
                out.append(boolean(False))  # not a keyword argument
        out += [integer(1), blob(command)]
        if version >= (4, 2):
            out.append(long(0))  # result id of a profiler
    return b"".join(out)


def table_function(task, command, version):
    offsets = task["arg_offsets"][0]
    out = [integer(len(offsets))]
    for offset in offsets:
        out.append(integer(offset))
        if version >= (4, 2):
            out.append(boolean(False))
    if version >= (4, 2):
        out += [integer(0), boolean(False)]  # no partition columns, no pickled analysis
    out += [blob(command), text(task["result_type"])]
    if version >= (4, 2):
        out.append(text(task["name"]))
    return out


# --- groups -------------------------------------------------------------------------------------------
def groups(stream):
    """(group number changed, batch) for every piece of a stream sorted by its last column, which is left out."""
    import numpy as np
    import pyarrow as pa

    reader = pa.ipc.open_stream(stream)
    schema = pa.schema(list(reader.schema)[:-1])
    yield schema, None
    current = None
    for batch in reader:
        numbers = batch.column(batch.num_columns - 1).to_numpy(zero_copy_only=False)
        if len(numbers) == 0:
            continue
        rows = pa.RecordBatch.from_arrays(batch.columns[:-1], schema=schema)
        starts = [0, *(np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist()]
        for start, stop in zip(starts, [*starts[1:], len(numbers)]):
            yield numbers[start] != current, rows.slice(start, stop - start)
            current = numbers[start]


def grouped_as_streams(stream):
    """PySpark 4: before each group an integer 1, then the group as a stream of its own; 0 at the end."""
    import pyarrow as pa

    pieces = groups(stream)
    schema, _ = next(pieces)
    sink, writer = None, None
    for starts, batch in pieces:
        if starts:
            if writer is not None:
                writer.close()
                yield sink.getvalue()
            sink = io.BytesIO()
            sink.write(integer(1))
            writer = pa.ipc.new_stream(sink, schema)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()
        yield sink.getvalue()
    yield integer(0)


def grouped_as_batches(stream):
    """PySpark 3.5: one stream with a batch per group."""
    import pyarrow as pa

    pieces = groups(stream)
    schema, _ = next(pieces)
    sink = io.BytesIO()
    writer = pa.ipc.new_stream(sink, schema)
    group = []

    def take():
        data = sink.getvalue()
        sink.seek(0)
        sink.truncate()
        return data

    def flush():
        for batch in pa.Table.from_batches(group, schema).combine_chunks().to_batches():
            writer.write_batch(batch)
        group.clear()
        return take()

    yield take()
    for starts, batch in pieces:
        if starts and group:
            yield flush()
        group.append(batch)
    if group:
        yield flush()
    writer.close()
    yield take()


def wrapped(stream):
    """One struct column of all columns, as PySpark 4 wants the rows of some functions."""
    import pyarrow as pa

    sink = io.BytesIO()
    reader = pa.ipc.open_stream(stream)
    schema = pa.schema([pa.field("_0", pa.struct(list(reader.schema)[:-1])), reader.schema[-1]])
    writer = pa.ipc.new_stream(sink, schema)
    for batch in reader:
        struct_column = pa.StructArray.from_arrays(batch.columns[:-1], fields=list(schema[0].type))
        writer.write_batch(pa.RecordBatch.from_arrays([struct_column, batch.columns[-1]], schema=schema))
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
    writer.close()
    yield sink.getvalue()


# --- rows of plain UDFs -------------------------------------------------------------------------------
def value_reader(data_type):
    """From what pyarrow gives to what a Python UDF sees; None: the same."""
    from pyspark.sql import types as t

    if isinstance(data_type, t.BinaryType):
        return bytearray
    if isinstance(data_type, t.TimestampType):
        return lambda v: v.astimezone().replace(tzinfo=None)
    if isinstance(data_type, t.DayTimeIntervalType):
        return lambda v: v.to_pytimedelta() if hasattr(v, "to_pytimedelta") else v
    if data_type.typeName() == "variant":  # of Spark 4
        return lambda v: t.VariantVal(v["value"], v["metadata"])
    if isinstance(data_type, t.ArrayType):
        element = nullable(value_reader(data_type.elementType))
        return None if element is None else lambda v: [element(e) for e in v]
    if isinstance(data_type, t.MapType):
        key = value_reader(data_type.keyType) or (lambda v: v)
        value = nullable(value_reader(data_type.valueType)) or (lambda v: v)
        return lambda v: {key(k): value(e) for k, e in v}
    if isinstance(data_type, t.StructType):
        row = t.Row(*data_type.names)
        readers = [nullable(value_reader(f.dataType)) or (lambda v: v) for f in data_type.fields]
        return lambda v: row(*(read(v[name]) for read, name in zip(readers, data_type.names)))
    return None


def nullable(reader):
    return None if reader is None else lambda v: None if v is None else reader(v)


def java_text(value):
    """`toString` of what the JVM would have made of the value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        if value == 0 or 1e-3 <= abs(value) < 1e7:
            return repr(value)
        mantissa, exponent = repr(value).split("e") if "e" in repr(value) else scientific(value)
        return (mantissa if "." in mantissa else mantissa + ".0") + "E" + str(int(exponent))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join("null" if v is None else java_text(v) for v in value) + "]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{java_text(k)}={'null' if v is None else java_text(v)}" for k, v in value.items()) + "}"
        )
    return str(value)


def scientific(value):
    from decimal import Decimal

    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    head = ("-" if sign else "") + str(digits[0]) + "." + ("".join(map(str, digits[1:])) or "0")
    return head, exponent + len(digits) - 1


def value_writer(data_type):
    """From what a UDF returned to what the declared type takes: other types become null, as in Spark."""
    from decimal import ROUND_HALF_UP, Decimal

    from pyspark.sql import types as t

    def whole(bits):
        half = 1 << (bits - 1)
        return lambda v: (v + half) % (2 * half) - half if type(v) is int and -(1 << 63) <= v < 1 << 63 else None

    if isinstance(data_type, t.NullType):
        return lambda v: None
    if isinstance(data_type, t.BooleanType):
        return lambda v: v if isinstance(v, bool) else None
    for kind, bits in ((t.ByteType, 8), (t.ShortType, 16), (t.IntegerType, 32), (t.LongType, 64)):
        if isinstance(data_type, kind):
            return whole(bits)
    if isinstance(data_type, (t.DateType, t.TimestampType, t.TimestampNTZType, t.DayTimeIntervalType)):
        return lambda v: v if type(v) is int else None
    if isinstance(data_type, (t.FloatType, t.DoubleType)):
        return lambda v: float(v) if isinstance(v, float) else None
    if isinstance(data_type, t.DecimalType):
        unit = Decimal(1).scaleb(-data_type.scale)
        return lambda v: v.quantize(unit, ROUND_HALF_UP) if isinstance(v, Decimal) else None
    if isinstance(data_type, t.StringType):
        return lambda v: v if isinstance(v, str) else java_text(v)
    if isinstance(data_type, t.BinaryType):
        return lambda v: (
            v.encode("utf-8") if isinstance(v, str) else bytes(v) if isinstance(v, (bytes, bytearray)) else None
        )
    if isinstance(data_type, t.ArrayType):
        element = nullable(value_writer(data_type.elementType))
        return lambda v: [element(e) for e in v] if isinstance(v, (list, tuple)) or hasattr(v, "typecode") else None
    if isinstance(data_type, t.MapType):
        key = nullable(value_writer(data_type.keyType))
        value = nullable(value_writer(data_type.valueType))
        return lambda v: [(key(k), value(e)) for k, e in v.items()] if isinstance(v, dict) else None
    if isinstance(data_type, t.StructType):
        writers = [nullable(value_writer(f.dataType)) for f in data_type.fields]

        def struct_value(v):
            if not isinstance(v, (tuple, list)):
                return None
            if len(v) != len(writers):
                raise ValueError(
                    "Input row doesn't have expected number of values required by the schema. "
                    f"{len(writers)} fields are required while {len(v)} values are provided."
                )
            return dict(zip(data_type.names, (write(e) for write, e in zip(writers, v))))

        return struct_value
    return lambda v: v


def arrow_type(data_type):
    from pyspark.sql.pandas.types import to_arrow_type

    return to_arrow_type(data_type)


class ArrowRows:
    """Deserializer: rows as tuples out of an Arrow stream; remembers how many each batch had."""

    def __init__(self, schema, sizes):
        self._schema = schema
        self._sizes = sizes

    def load_stream(self, stream):
        import pyarrow as pa

        readers = [nullable(value_reader(field.dataType)) for field in self._schema.fields]
        for batch in pa.ipc.open_stream(stream):
            self._sizes.append(batch.num_rows)
            columns = []
            for column, read in zip(batch.columns, readers):
                values = column.to_pylist()
                columns.append(values if read is None else [read(v) for v in values])
            yield from zip(*columns) if columns else ((),) * batch.num_rows


class ArrowResults:
    """Serializer: results of each input batch as an Arrow batch."""

    def __init__(self, schema, sizes):
        self._schema = schema
        self._sizes = sizes

    def dump_stream(self, iterator, stream):
        import pyarrow as pa

        writers = [nullable(value_writer(field.dataType)) for field in self._schema.fields]
        fields = [pa.field(f.name, arrow_type(f.dataType)) for f in self._schema.fields]
        schema = pa.schema(fields)
        single = len(fields) == 1
        output = None
        try:
            results = []

            def flush():
                nonlocal output
                if output is None:
                    stream.write(integer(-6))  # START_ARROW_STREAM
                    output = pa.ipc.new_stream(stream, schema)
                columns = [results] if single else (list(zip(*results)) or [()] * len(fields))
                arrays = [
                    pa.array([write(v) for v in column], type=field.type)
                    for write, column, field in zip(writers, columns, fields)
                ]
                output.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
                results.clear()

            for result in iterator:
                results.append(result)
                while self._sizes and len(results) == self._sizes[0]:
                    self._sizes.popleft()
                    flush()
        finally:
            if output is not None:
                output.close()


class ArrowTableResults(ArrowResults):
    """Serializer of UDTFs: each input row's output rows, with the number of the input row in front."""

    def dump_stream(self, iterator, stream):
        def rows():
            for number, produced in enumerate(iterator):
                for row in produced:
                    if row is not None:
                        yield (number, *row)

        import pyarrow as pa

        writers = [lambda v: v] + [nullable(value_writer(f.dataType)) for f in self._schema.fields[1:]]
        fields = [pa.field(f.name, arrow_type(f.dataType)) for f in self._schema.fields]
        schema = pa.schema(fields)
        output = None
        pending = []

        def flush():
            nonlocal output
            if output is None:
                stream.write(integer(-6))
                output = pa.ipc.new_stream(stream, schema)
            arrays = [
                pa.array([write(v) for v in column], type=field.type)
                for write, column, field in zip(writers, zip(*pending), fields)
            ]
            output.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
            pending.clear()

        try:
            for row in rows():
                pending.append(row)
                if len(pending) >= 10000:
                    flush()
            if pending:
                flush()
        finally:
            if output is not None:
                output.close()


def patch_rows(worker, task):
    """Plain UDFs and UDTFs talk in pickled rows to a JVM; here their rows come and go as Arrow."""
    from pyspark.sql.types import _parse_datatype_json_string

    eval_type = task["eval_type"]
    if eval_type not in (PLAIN_UDF, TABLE_UDF):
        return lambda: None
    name = "read_udfs" if eval_type == PLAIN_UDF else "read_udtf"
    original = getattr(worker, name)
    sizes = deque()
    inputs = ArrowRows(_parse_datatype_json_string(task["input_type"]), sizes)
    outputs = (ArrowResults if eval_type == PLAIN_UDF else ArrowTableResults)(
        _parse_datatype_json_string(task["output_type"]), sizes
    )

    def read(*args, **kwargs):
        func, profiler, _, _ = original(*args, **kwargs)
        return func, profiler, inputs, outputs

    setattr(worker, name, read)
    return lambda: setattr(worker, name, original)


def run_task(worker, version, infile, outfile):
    task = json.loads(read_frame(infile))
    commands = [read_frame(infile) for _ in range(task["commands"])]
    if "streaming" in task:
        run_streaming(worker, task, commands[0], infile, outfile)  # noqa: F821 (streaming_worker.py)
        return
    rows = frames(infile)

    def content():
        yield beginning(task, commands, version)
        if task["eval_type"] in GROUPED:
            data = as_file(rows)
            if version >= (4, 2) and task["eval_type"] == 209:
                data = as_file(wrapped(data))
            yield from (grouped_as_streams if version >= (4, 2) else grouped_as_batches)(data)
        else:
            yield from rows
        for _ in rows:  # what the functions did not read
            pass
        yield integer(-4)  # END_OF_STREAM

    restore = patch_rows(worker, task)
    try:
        worker.main(as_file(content()), outfile)
    finally:
        restore()
        outfile.flush()


def main():
    import socket

    connection = socket.socket(fileno=int(sys.argv[1]))
    infile = connection.makefile("rb", 1 << 16)
    outfile = connection.makefile("wb", 1 << 16)
    os.environ["SPARK_SIMPLIFIED_TRACEBACK"] = "1"
    try:
        import pyspark
        import pyspark.worker as worker
    except ImportError as error:
        outfile.write(blob(json.dumps({"error": str(error)}).encode()))
        outfile.flush()
        return
    version = tuple(int(part) for part in pyspark.__version__.split(".")[:2])
    worker.report_times = lambda *args: None
    hello = {"python": PYTHON_VERSION, "pyspark": pyspark.__version__}
    outfile.write(blob(json.dumps(hello).encode()))
    outfile.flush()
    while True:
        try:
            run_task(worker, version, infile, outfile)
        except EOFError:
            return


main()
