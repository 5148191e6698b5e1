"""Reads of JSON."""

from __future__ import annotations

import gzip

from text_case import CORRUPT, IS, JBAD, TYPES, json

JSON_MODES = [
    json("permissive", JBAD, IS),
    json("corrupt", JBAD, CORRUPT),
    json("corrupt_first", JBAD, "_corrupt_record string, i int"),
    json("corrupt_only", JBAD, CORRUPT, select=("_corrupt_record",)),
    json("corrupt_named", JBAD, "i int, bad string", columnNameOfCorruptRecord="bad"),
    json("corrupt_inferred", '{"i":1}\n{broken\n'),
    json("corrupt_inferred_only", '{"i":1}\n{broken\n', select=("_corrupt_record",)),
    json("corrupt_all", "{broken\n{again\n"),
    json("drop", JBAD, IS, mode="DROPMALFORMED"),
    json("drop_inferred", JBAD, mode="DROPMALFORMED"),
    json("drop_count", JBAD, IS, mode="DROPMALFORMED", select=("count(*)",)),
    json("fail", JBAD, IS, mode="FAILFAST"),
    json("fail_syntax", '{"i":1}\n{broken\n', IS, mode="FAILFAST"),
    json("fail_inferred", '{"i":1}\n{broken\n', mode="FAILFAST"),
    json("fail_good", '{"i":1}\n', IS, mode="FAILFAST"),
    json("scalars_inferred", '1\n{"a":1}\n"x"\n'),
    json(
        "partial",
        '{"i":1,"s":bad}\n{"i":1,"s":"x"\n{"i":1,"s":"x","t":[1,2\n{"i":01,"s":"x"}\n{"i":1}}\n{"i":1} x\n{"i":1,}\n',
        "i int, s string, t array<int>, _corrupt_record string",
    ),
    json(
        "nested_bad",
        '{"a":{"b":"x","c":1},"l":[1,"x",3],"m":{"p":1,"q":"x"}}\n{"a":1,"l":2,"m":3}\n{"a":{"c":5}}\n',
        "a struct<b:int,c:int>, l array<int>, m map<string,int>, _corrupt_record string",
    ),
    json("struct_array_bad", '{"l":[{"b":1},{"b":"x"},{"b":3}]}\n', "l array<struct<b:int>>, _corrupt_record string"),
    json("where", JBAD, IS, where="i >= 2"),
]
JSON_TYPES = [
    json(
        "types",
        '{"b":1,"h":2,"i":3,"l":4,"f":1.5,"d":2.5,"x":true,"n":12.345,"s":"x"}\n'
        '{"b":1,"h":2,"i":3,"l":4,"f":1,"d":2,"x":false,"n":"12.345","s":5}\n'
        '{"b":300,"h":70000,"i":3000000000,"l":99999999999999999999,"f":"NaN","d":"-Infinity","x":"true","n":1e3,"s":1.50}\n'
        '{"b":1.0,"h":"2","i":true,"l":1e2,"f":"1.5","d":"INF","x":1,"n":123456,"s":[1, {"a" : 2.50}]}\n',
        TYPES,
    ),
    json(
        "types_null",
        '{"b":null,"s":null,"x":null}\n{"s":""}\n{"i":""}\n{"d":""}\n{}\n',
        TYPES + ", _corrupt_record string",
    ),
    json(
        "dates",
        '{"d":"2025-01-02"}\n{"d":"2025-1-2"}\n{"d":"02/01/2025"}\n{"d":5}\n{"d":"5"}\n{"d":""}\n',
        "d date, _corrupt_record string",
    ),
    json("date_format", '{"d":"02/01/2025"}\n{"d":"2025-01-02"}\n', "d date", dateFormat="dd/MM/yyyy"),
    json(
        "timestamps",
        '{"t":"2025-01-02T03:04:05Z"}\n{"t":"2025-01-02 03:04:05.5"}\n{"t":5}\n{"t":"5"}\n{"t":1.5}\n{"t":"x"}\n',
        "t timestamp, _corrupt_record string",
    ),
    json(
        "timestamp_format",
        '{"t":"02.01.2025 03:04"}\n{"t":"2025-01-02T03:04:05Z"}\n',
        "t timestamp",
        timestampFormat="dd.MM.yyyy HH:mm",
    ),
    json("timestamp_zone", '{"t":"2025-07-02 03:04:05"}\n', "t timestamp", timeZone="America/New_York"),
    json(
        "ntz",
        '{"t":"2025-01-02T03:04:05"}\n{"t":"2025-01-02T03:04:05Z"}\n{"t":5}\n',
        "t timestamp_ntz, _corrupt_record string",
    ),
    json(
        "decimals",
        '{"n":1.005}\n{"n":"1,234.5"}\n{"n":123456789}\n{"n":"x"}\n{"n":-0.005}\n{"n":1E2}\n',
        "n decimal(8,2), _corrupt_record string",
    ),
    json("binary", '{"b":"YWJj"}\n{"b":"!"}\n{"b":1}\n', "b binary, _corrupt_record string"),
    json(
        "nested",
        '{"a":{"b":[1,2]},"m":{"k":1.5}}\n{"a":null}\n{"a":{"b":null}}\n',
        "a struct<b:array<int>>, m map<string,double>",
    ),
    json("int_map", '{"m":{"1":2}}\n', "m map<int,int>"),
    json("duplicates", '{"i":1,"i":2,"I":3}\n', IS),
    json(
        "escapes",
        '{"s":"\\u00e9\\n\\t\\"\\\\\\/\\ud83d\\ude00\\b"}\n{"s":"\\ud83d"}\n{"s":"\\x"}\n',
        "s string, _corrupt_record string",
    ),
    json("control", '{"s":"a\tb"}\n{"s":"a\\u0000b"}\n', "s string, _corrupt_record string"),
    json(
        "numbers",
        '{"s":1.0}\n{"s":1e5}\n{"s":-0}\n{"s":1.10}\n{"s":123456789012345678901234567890}\n{"s":1e400}\n{"s":0.1234567890123456789}\n',
        "s string",
    ),
    json("interval", '{"i":"1 day"}\n', "i interval"),
    json("void", '{"i":"1 day"}\n', "i void"),
]
JSON_SYNTAX = [
    json("single_quotes", "{'i':1,'s':'a'}\n", IS),
    json("single_quotes_off", "{'i':1,'s':'a'}\n", IS, allowSingleQuotes=False),
    json("comments", '{"i":1 /* x */, "s":"a"} // y\n', IS, allowComments=True),
    json("comments_off", '{"i":1 /* x */, "s":"a"}\n', IS),
    json("unquoted_names", '{i:1, s:"a"}\n', IS, allowUnquotedFieldNames=True),
    json("unquoted_names_off", '{i:1, s:"a"}\n', IS),
    json("leading_zeros", '{"i":007,"s":"a"}\n{"i":-01}\n', IS, allowNumericLeadingZeros=True),
    json("leading_zeros_off", '{"i":007,"s":"a"}\n', CORRUPT),
    json("any_escape", '{"i":1,"s":"\\$10"}\n', IS, allowBackslashEscapingAnyCharacter=True),
    json("any_escape_off", '{"i":1,"s":"\\$10"}\n', CORRUPT),
    json("control_chars", '{"i":1,"s":"a\tb"}\n', IS, allowUnquotedControlChars=True),
    json(
        "non_numeric",
        '{"d":NaN}\n{"d":Infinity}\n{"d":-Infinity}\n{"d":+Infinity}\n{"d":INF}\n{"d":-INF}\n{"d":"NaN"}\n',
        "d double, _corrupt_record string",
    ),
    json(
        "non_numeric_off",
        '{"d":NaN}\n{"d":Infinity}\n{"d":"NaN"}\n{"d":"Infinity"}\n',
        "d double, _corrupt_record string",
        allowNonNumericNumbers=False,
    ),
    json("non_numeric_string", '{"s":NaN}\n', "s string, _corrupt_record string"),
    json("bad_flag", "{}\n", IS, allowComments="perhaps"),
    json("line_sep", '{"i":1}|{"i":2}|\n{"i":3}', IS, lineSep="|"),
    json("line_ends", '{"i":1}\r\n{"i":2}\r{"i":3}\n', IS),
    json("multi", '[\n {"i": 1},\n {"i": 2, "s": "a\\nb"}\n]\n', IS, multiLine=True),
    json("multi_object", '{\n "i": 1\n}\n', "", multiLine=True),
    json("multi_bad", '[\n {"i": 1},\n {"i": 2\n', CORRUPT, multiLine=True),
    json("multi_two", '{"i":1}\n{"i":2}\n', IS, multiLine=True),
    json("multi_empty", "", IS, multiLine=True),
    json("utf16_multi", '{"i":1,"s":"é"}\n'.encode("utf-16"), IS, multiLine=True, encoding="UTF-16"),
    json("utf16_detected", '{"i":1,"s":"é"}\n'.encode("utf-16-le"), IS, multiLine=True),
    json("utf32_multi", '{"i":1,"s":"é"}\n'.encode("utf-32"), IS, multiLine=True, encoding="UTF-32"),
    json("utf16_lines", '{"i":1,"s":"é"}\n{"i":2}\n'.encode("utf-16-le"), IS, encoding="UTF-16LE", lineSep="\n"),
    json("utf16_lines_no_sep", '{"i":1}\n'.encode("utf-16-le"), IS, encoding="UTF-16LE"),
    json("utf16_refused", '{"i":1}\n'.encode("utf-16"), IS, encoding="UTF-16", lineSep="\n"),
    json("latin1", '{"s":"é"}\n'.encode("latin-1"), "s string", encoding="ISO-8859-1"),
    json("bad_utf8", b'{"s":"a\xffb"}\n{"s":"ok"}\n', "s string, _corrupt_record string"),
    json("bom", '\ufeff{"i":1}\n', IS),
    json("nul", '{"s":"a\0b"}\n\0\n', "s string, _corrupt_record string"),
    json(
        "deep",
        '{"a":' + "[" * 900 + "]" * 900 + "}\n" + '{"a":' + "[" * 1200 + "]" * 1200 + "}\n",
        "a string",
        select=("length(a)",),
    ),
    json("gzip", gzip.compress(b'{"i":1}\n'), IS, file="a.json.gz"),
    json("top_array", '[{"i":1},{"i":2}]\n[]\n{"i":3}\n', IS),
    json("case", '{"I":1,"i":2}\n', "i int"),
]
JSON_INFER = [
    json("infer", '{"b":1,"a":{"x":[1,2.5]},"t":"2025-01-01"}\n{"b":null,"c":[{"y":true}],"a":{"z":"s"}}\n'),
    json(
        "infer_numbers",
        '{"a":1,"b":1.5,"c":12345678901234567890,"d":1e3,"e":123456789012345678901234567890123456789012}\n{"a":2.5,"c":1,"b":12345678901234567890}\n',
    ),
    json("infer_conflict", '{"v":1,"w":{"a":1},"x":[1],"y":true}\n{"v":"x","w":1,"x":{"a":1},"y":1}\n'),
    json("infer_null", '{"a":null,"b":[],"c":{},"d":[null],"e":[{}],"f":""}\n'),
    json(
        "drop_all_null", '{"a":null,"b":[],"c":{},"d":[null],"e":[{}],"f":1,"g":{"h":null}}\n', dropFieldIfAllNull=True
    ),
    json("primitives_as_string", '{"a":1,"b":true,"c":null,"d":[1.50],"e":{"f":2}}\n', primitivesAsString=True),
    json("prefers_decimal", '{"a":1.25,"b":"3.5","c":1,"e":0.001}\n{"a":100.5}\n', prefersDecimal=True),
    json("infer_timestamp", '{"a":"2025-01-02T03:04:05Z","b":"2025-01-02","c":"x"}\n', inferTimestamp=True),
    json("infer_empty", ""),
    json("infer_blank", "\n\n{}\n"),
    json("infer_sampling_zero", "{}\n", samplingRatio=0),
    json("infer_mixed_case", '{"a":1,"A":2}\n'),
    json("infer_mixed_case_sensitive", '{"a":1,"A":2}\n', conf={"spark.sql.caseSensitive": "true"}),
    json("infer_field_order", '{"z":1,"B":2,"a":3,"_x":4,"é":5}\n'),
    json("infer_root_array", '[{"a":1},{"b":"x"}]\n{"c":1.5}\n'),
    json("infer_bad_timestamp_format", '{"t":"x"}\n', timestampFormat="YYYY"),
]

CASES = [*JSON_MODES, *JSON_TYPES, *JSON_SYNTAX, *JSON_INFER]
