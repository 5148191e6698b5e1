# ruff: noqa: F821
# What streaming queries run in a worker: functions of foreachBatch and foreach, and listeners. Part of the program that
# deltic_worker.py is; it calls run_streaming for tasks that say "streaming".
#
# foreachBatch and listeners run PySpark's own server-side workers, which talk to the server as Spark Connect clients of
# the query's session. foreach is fed the rows of each batch here, as one task of one partition.


def run_streaming(worker, task, command, infile, outfile):
    import traceback

    os.environ["SPARK_CONNECT_LOCAL_URL"] = task["url"]
    # pyspark-client takes a main module without a file for a doctest run.
    sys.modules["__main__"].__file__ = "deltic_worker.py"
    try:
        if task["streaming"] == "foreach":
            run_foreach(worker, task, command, infile, outfile)
            return
        if task["streaming"] == "foreach_batch":
            from pyspark.sql.connect.streaming.worker import foreach_batch_worker as module
        else:
            from pyspark.sql.connect.streaming.worker import listener_worker as module

        def content():
            yield text(PYTHON_VERSION) + text(task["session_id"]) + blob(command)
            while data := infile.read1(1 << 16):
                yield data

        module.main(as_file(content()), outfile)
    except EOFError:
        raise
    except BaseException:
        fail(outfile, traceback.format_exc())
        raise EOFError from None


def fail(outfile, message):
    outfile.write(integer(-2) + text(message))
    outfile.flush()


def run_foreach(worker, task, command, infile, outfile):
    import traceback

    from pyspark.serializers import CPickleSerializer
    from pyspark.sql.types import _parse_datatype_json_string
    from pyspark.taskcontext import TaskContext

    function = worker.read_command(CPickleSerializer(), io.BytesIO(blob(command)))[0]
    schema = _parse_datatype_json_string(task["input_type"])
    outfile.write(integer(0))
    outfile.flush()
    while True:
        batch_id = struct.unpack("!q", read_exactly(infile, 8))[0]
        context = TaskContext._getOrCreate()
        context._partitionId = 0
        context._localProperties = {"streaming.sql.batchId": str(batch_id)}
        pieces = frames(infile)
        error = None
        try:
            for _ in function(0, batch_rows(pieces, schema)):
                pass
        except Exception:
            error = traceback.format_exc()
        for _ in pieces:  # what the function did not read
            pass
        if error is None:
            outfile.write(integer(0))
            outfile.flush()
        else:
            fail(outfile, error)


def batch_rows(pieces, schema):
    from pyspark.sql.types import Row

    row = Row(*schema.names)
    for piece in pieces:
        for values in ArrowRows(schema, []).load_stream(io.BytesIO(piece)):
            yield row(*values)
