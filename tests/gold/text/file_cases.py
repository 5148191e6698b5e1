"""Reads of text and of folders, reads of DataFrames of lines, and writes."""

from __future__ import annotations

import gzip

from text_case import CORRUPT, IS, Parse, Read, Write

TEXT = [
    Read("text-lines", "text", {"a.txt": b"one\n\nthree\r\nfour\rfive"}),
    Read("text-whole", "text", {"a.txt": b"one\ntwo\n"}, options={"wholetext": True}),
    Read("text-line_sep", "text", {"a.txt": b"one|two|\nthree"}, options={"lineSep": "|"}),
    Read("text-line_sep_long", "text", {"a.txt": b"oneXYZtwoXYZ"}, options={"lineSep": "XYZ"}),
    Read("text-schema", "text", {"a.txt": b"one\n"}, "v string"),
    Read("text-schema_wrong", "text", {"a.txt": b"one\n"}, "v int"),
    Read("text-schema_two", "text", {"a.txt": b"one\n"}, "v string, w string"),
    Read("text-empty", "text", {"a.txt": b""}),
    Read("text-gzip", "text", {"a.txt.gz": gzip.compress(b"one\ntwo\n")}),
    Read("text-bad_gzip", "text", {"a.txt.gz": b"not gzip at all"}),
    Read("text-cut_gzip", "text", {"a.txt.gz": gzip.compress(bytes(range(256)) * 400)[:200]}),
    Read("text-bom", "text", {"a.txt": "\ufeffone\n".encode()}),
    Read("text-bad_utf8", "text", {"a.txt": b"a\xffb\n"}, select=("length(value)", "hex(value)")),
    Read("text-long_line", "text", {"a.txt": b"x" * 1_500_000 + b"\ny\n"}, select=("length(value)",)),
]
A2 = {"a.csv": b"1,a\n", "b.csv": b"2,b\n", "c.txt": b"3,c\n"}
FOLDERS = [
    Read("folder-csv", "csv", A2, IS),
    Read("folder-glob_filter", "csv", A2, IS, {"pathGlobFilter": "*.csv"}),
    Read("folder-hidden", "csv", {"a.csv": b"1,a\n", "_b.csv": b"2,b\n", ".c.csv": b"3,c\n"}, IS),
    Read(
        "folder-header",
        "csv",
        {"a.csv": b"i,s\n1,a\n", "b.csv": b"i,s\n2,b\n"},
        "",
        {"header": True, "inferSchema": True},
    ),
    Read("folder-partitions", "csv", {"p=1/a.csv": b"1,a\n", "p=2/b.csv": b"2,b\n"}, IS),
    Read(
        "folder-partitions_inferred", "json", {"p=1/q=x/a.json": b'{"i":1}\n', "p=2/q=2025-01-02/b.json": b'{"i":2}\n'}
    ),
    Read("folder-partition_declared", "csv", {"p=1/a.csv": b"1,a\n"}, "i int, p string, s string"),
    Read("folder-partition_where", "csv", {"p=1/a.csv": b"1,a\n", "p=2/b.csv": b"2,b\n"}, IS, where="p = 2"),
    Read("folder-partition_only", "csv", {"p=1/a.csv": b"1,a\n2,b\n"}, IS, select=("p",)),
    Read("folder-partition_text", "text", {"p=1/a.txt": b"x\n"}),
    Read("folder-partition_conflict", "csv", {"p=1/a.csv": b"1,a\n", "q=2/b.csv": b"2,b\n"}, IS),
    Read("folder-nested", "csv", {"x/a.csv": b"1,a\n", "y/z/b.csv": b"2,b\n"}, IS),
    Read(
        "folder-recursive",
        "csv",
        {"x/a.csv": b"1,a\n", "y/z/b.csv": b"2,b\n", "c.csv": b"3,c\n"},
        IS,
        {"recursiveFileLookup": True},
    ),
    Read("folder-recursive_partitions", "csv", {"p=1/a.csv": b"1,a\n"}, IS, {"recursiveFileLookup": True}),
    Read("folder-modified_before", "csv", A2, IS, {"modifiedBefore": "2001-01-01T00:00:00"}),
    Read("folder-modified_after", "csv", A2, IS, {"modifiedAfter": "2001-01-01T00:00:00"}),
    Read("folder-modified_bad", "csv", A2, IS, {"modifiedAfter": "yesterday"}),
    Read(
        "folder-metadata",
        "json",
        {"a.json": b'{"i":1}\n{"i":2}\n'},
        IS,
        select=(
            "i",
            "_metadata.file_name",
            "_metadata.file_size",
            "_metadata.file_block_start",
            "_metadata.file_block_length",
        ),
    ),
    Read("folder-metadata_type", "csv", {"a.csv": b"1,a\n"}, IS, select=("_metadata",), where="false"),
    Read(
        "folder-input_file",
        "csv",
        A2,
        IS,
        select=(
            "i",
            "element_at(split(input_file_name(), '/'), -1)",
            "input_file_block_start()",
            "input_file_block_length()",
        ),
    ),
    Read(
        "folder-input_file_parquetless",
        "text",
        {"a b%.txt": b"x\n"},
        select=("element_at(split(input_file_name(), '/'), -1)",),
    ),
    Read("folder-input_file_where", "csv", A2, IS, where="input_file_name() like '%b.csv'"),
]
PARSE = [
    Parse("parse-csv", "csv", ["1,a", "x,b", "", "3"], CORRUPT),
    Parse("parse-csv_header", "csv", ["i,s", "1,a", "i,s"], "", {"header": True, "inferSchema": True}),
    Parse("parse-csv_drop", "csv", ["1,a", "x,b"], IS, {"mode": "DROPMALFORMED"}),
    Parse("parse-json", "json", ['{"i":1}', "{broken", '[{"i":2},{"i":3}]', ""], CORRUPT),
    Parse("parse-json_inferred", "json", ['{"i":1}', '{"s":"x"}']),
    Parse("parse-json_fail", "json", ["{broken"], IS, {"mode": "FAILFAST"}),
]
VALUES = (
    "SELECT * FROM VALUES (1, 'a', 1.5D, DATE'2025-01-02', TIMESTAMP'2025-01-02 03:04:05.678901', true, 1.20BD), "
    "(2, 'say \"hi\", x', 1e10D, DATE'1999-12-31', TIMESTAMP'1999-12-31 23:59:59', false, -0.5BD), "
    "(3, NULL, NULL, NULL, NULL, NULL, NULL), (4, '', double('NaN'), NULL, NULL, NULL, 0BD), "
    "(5, ' sp ace ', -0.0D, NULL, NULL, NULL, NULL), (6, 'new\\nline', 1e-5D, NULL, NULL, NULL, NULL), "
    "(7, 'back\\\\slash', 100D, NULL, NULL, NULL, NULL), (8, 'it''s é', 12345678.9D, NULL, NULL, NULL, NULL) "
    "AS t(i, s, d, day, at, flag, n)"
)
STRUCT = (
    "SELECT named_struct('a', 1, 'b', CAST(NULL AS INT), 'c', array(1, NULL)) s, map('k', 1.5D, 'l', NULL) m, array() e, "
    "X'616263' b, timestamp_ntz'2025-01-02 03:04:05' z, float(1.1) f, map(1, DATE'2025-01-02') k, "
    "array(named_struct('t', TIMESTAMP'2025-01-02 03:04:05')) l"
)
WRITES = [
    Write("write-csv", "csv", VALUES),
    Write("write-csv_header", "csv", VALUES, {"header": True, "sep": ";"}),
    Write("write-csv_quote_all", "csv", VALUES, {"quoteAll": True}),
    Write("write-csv_no_escape_quotes", "csv", VALUES, {"escapeQuotes": False}),
    Write("write-csv_nulls", "csv", VALUES, {"nullValue": "NA", "emptyValue": "EMPTY"}),
    Write("write-csv_spaces", "csv", VALUES, {"ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False}),
    Write("write-csv_quote", "csv", VALUES, {"quote": "'", "escape": "#"}),
    Write("write-csv_escape_escape", "csv", VALUES, {"charToEscapeQuoteEscaping": "#"}),
    Write("write-csv_escape_quote", "csv", VALUES, {"escape": '"'}),
    Write("write-csv_no_quote", "csv", VALUES, {"quote": ""}),
    Write(
        "write-csv_formats",
        "csv",
        VALUES,
        {"dateFormat": "dd/MM/yyyy", "timestampFormat": "dd.MM.yyyy HH:mm:ss.SSSSSS"},
    ),
    Write("write-csv_zone", "csv", VALUES, {"timeZone": "Asia/Tokyo"}),
    Write("write-csv_session_zone", "csv", VALUES, conf={"spark.sql.session.timeZone": "America/New_York"}),
    Write("write-csv_line_sep", "csv", VALUES, {"lineSep": "|"}),
    Write("write-csv_encoding", "csv", VALUES, {"encoding": "UTF-16LE"}),
    Write("write-csv_latin1", "csv", VALUES, {"encoding": "ISO-8859-1"}),
    Write("write-csv_gzip", "csv", VALUES, {"compression": "gzip", "header": True}),
    Write("write-csv_deflate", "csv", "SELECT 1 a", {"compression": "deflate"}),
    Write("write-csv_codec", "csv", "SELECT 1 a", {"compression": "nope"}),
    Write("write-csv_partition", "csv", "SELECT i, s, i % 2 p FROM (" + VALUES + ")", {}, ("p",)),
    Write("write-csv_comment", "csv", "SELECT * FROM VALUES ('#a'), ('b#') t(s)", {"comment": "#"}),
    Write("write-csv_hash", "csv", "SELECT * FROM VALUES ('#a', '#b'), ('b#', ' #c') t(s, t)"),
    Write("write-csv_blank", "csv", "SELECT * FROM VALUES ('  ', ''), (NULL, '\t') t(s, t)"),
    Write("write-csv_blank_null", "csv", "SELECT * FROM VALUES ('  ', ''), (NULL, '\t') t(s, t)", {"nullValue": "NA"}),
    Write(
        "write-csv_quote_all_empty",
        "csv",
        "SELECT * FROM VALUES ('  ', ''), (NULL, 'x') t(s, t)",
        {"quoteAll": True, "emptyValue": "E", "nullValue": "N"},
    ),
    Write("write-csv_crlf", "csv", "SELECT * FROM VALUES ('a\\r\\nb', 'c\\rd') t(s, t)"),
    Write("write-csv_header_quotes", "csv", 'SELECT 1 `a,b`, 2 `c"d`', {"header": True}),
    Write("write-csv_nested", "csv", "SELECT array(1) a"),
    Write("write-csv_binary", "csv", "SELECT X'61' a"),
    Write("write-csv_interval", "csv", "SELECT INTERVAL '1 02:03:04' DAY TO SECOND a, INTERVAL '1-2' YEAR TO MONTH b"),
    Write("write-csv_multi_sep", "csv", "SELECT 'a|b' x, 'c||d' y, 'e' z", {"sep": "||"}),
    Write("write-csv_empty", "csv", "SELECT 1 a, 'x' b WHERE false", {"header": True}),
    Write("write-csv_one_empty", "csv", "SELECT * FROM VALUES (''), (NULL), ('x') t(s)"),
    Write("write-json", "json", VALUES),
    Write("write-json_nulls", "json", VALUES, {"ignoreNullFields": False}),
    Write("write-json_nested", "json", STRUCT),
    Write("write-json_nested_nulls", "json", STRUCT, {"ignoreNullFields": False}),
    Write("write-json_formats", "json", VALUES, {"dateFormat": "dd/MM/yyyy", "timestampFormat": "dd.MM.yyyy HH:mm"}),
    Write("write-json_zone", "json", VALUES, conf={"spark.sql.session.timeZone": "America/New_York"}),
    Write("write-json_line_sep", "json", VALUES, {"lineSep": "||"}),
    Write("write-json_gzip", "json", VALUES, {"compression": "gzip"}),
    Write("write-json_encoding", "json", "SELECT 'é' a", {"encoding": "UTF-16LE"}),
    Write("write-json_pretty", "json", STRUCT, {"pretty": True}),
    Write(
        "write-json_interval", "json", "SELECT INTERVAL '1 02:03:04' DAY TO SECOND a, INTERVAL '1-2' YEAR TO MONTH b"
    ),
    Write("write-json_empty", "json", "SELECT 1 a WHERE false"),
    Write("write-json_non_ascii", "json", "SELECT 'é' a", {"writeNonAsciiCharacterAsCodePoint": True}),
    Write("write-text", "text", "SELECT s FROM (" + VALUES + ")"),
    Write("write-text_line_sep", "text", "SELECT s FROM (" + VALUES + ")", {"lineSep": "|"}),
    Write("write-text_gzip", "text", "SELECT s FROM (" + VALUES + ")", {"compression": "gzip"}),
    Write("write-text_int", "text", "SELECT 1 a"),
    Write("write-text_two", "text", "SELECT 'a' a, 'b' b"),
    Write("write-text_partition", "text", "SELECT * FROM VALUES ('a', 1), ('b', 2) t(s, p)", {}, ("p",)),
]

CASES = [*TEXT, *FOLDERS, *PARSE, *WRITES]
