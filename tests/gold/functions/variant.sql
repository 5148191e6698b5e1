parse_json('{"a":1,"b":[true,null,1.50,"x"]}')
parse_json('null')
parse_json(NULL)
parse_json('true')
parse_json('false')
parse_json('127')
parse_json('-128')
parse_json('128')
parse_json('-32769')
parse_json('2147483648')
parse_json('9223372036854775807')
parse_json('9223372036854775808')
parse_json('-9223372036854775809')
parse_json('12345678901234567890123456789012345678')
parse_json('123456789012345678901234567890123456789')
parse_json('0.1')
parse_json('1.50')
parse_json('-0.0')
parse_json('-0')
parse_json('123456789.1')
parse_json('1234567890.12345678901')
parse_json('0.00000000000000000000000000000000000001')
parse_json('0.000000000000000000000000000000000000001')
parse_json('1e2')
parse_json('1E400')
parse_json('-1.5e-3')
parse_json('""')
parse_json('"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"')
parse_json('"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"')
parse_json('"\\u00e9\\ud83d\\ude00\\n\\"\\\\"')
parse_json('[]')
parse_json('{}')
parse_json('[[],[[]]]')
parse_json('{"z":1,"a":2,"m":{"a":3,"b":4}}')
parse_json('{"aa":1,"b":2,"B":3,"":4,"é":5,"\\ud83d\\ude00":6,"\\uffff":7}')
parse_json(' {"a" : [ 1 , 2 ] } ')
parse_json(concat('[', array_join(sequence(1, 300), ','), ']'))
parse_json(concat('{', array_join(transform(sequence(1, 300), x -> concat('"k', x, '":', x)), ','), '}'))
parse_json(concat('{"big":"', repeat('x', 70000), '"}'))::string = concat('{"big":"', repeat('x', 70000), '"}')
parse_json('{"a":1,"a":2}')
parse_json('{"a":')
parse_json('')
parse_json(' ')
parse_json('abc')
parse_json('1 2')
parse_json('{"a":1} x')
parse_json('[1,]')
parse_json('{a:1}')
parse_json("{'a':1}")
parse_json('01')
parse_json('NaN')
parse_json('+1')
parse_json('.5')
parse_json('5.')
parse_json('"a')
parse_json('"\t"')
parse_json('nul')
parse_json('tru')
parse_json('[1 2]')
parse_json('{"a" 1}')
parse_json('/* c */ 1')
parse_json(1)
parse_json(true)
parse_json(array(1))
parse_json()
parse_json('1', '2')
try_parse_json('{"a":')
try_parse_json('')
try_parse_json('{"a":1}')
try_parse_json('{"a":1,"a":2}')
try_parse_json(NULL)
try_parse_json(5)
is_variant_null(parse_json('null'))
is_variant_null(parse_json('"null"'))
is_variant_null(parse_json('13'))
is_variant_null(parse_json(NULL))
is_variant_null(variant_get(parse_json('{"a":null, "b":"spark"}'), '$.c'))
is_variant_null(variant_get(parse_json('{"a":null, "b":"spark"}'), '$.a'))
is_variant_null('x')
is_variant_null(NULL)
parse_json('null') IS NULL
parse_json(NULL) IS NULL
variant_get(parse_json('{"a": 1}'), '$.a', 'int')
variant_get(parse_json('{"a": 1}'), '$.b', 'int')
variant_get(parse_json('[1, "2"]'), '$[1]', 'string')
variant_get(parse_json('[1, "2"]'), '$[2]', 'string')
variant_get(parse_json('[1, "hello"]'), '$[1]')
variant_get(parse_json('[1, "hello"]'), '$[1]', 'int')
try_variant_get(parse_json('[1, "hello"]'), '$[1]', 'int')
try_variant_get(parse_json('[1, "hello"]'), '$[0]', 'int')
variant_get(parse_json('{"a":{"b":[{"c":"deep"}]}}'), '$.a.b[0].c', 'string')
variant_get(parse_json('{"a":{"b":[{"c":"deep"}]}}'), '$["a"][\'b\'][0]["c"]', 'string')
variant_get(parse_json('{"a.b":1,"":2,"a b":3}'), '$["a.b"]', 'int')
variant_get(parse_json('{"a.b":1,"":2,"a b":3}'), '$[""]', 'int')
variant_get(parse_json('{"a.b":1,"":2,"a b":3}'), '$.a b', 'int')
variant_get(parse_json('{"A":1}'), '$.a', 'int')
variant_get(parse_json('{"a":1}'), '$', 'string')
variant_get(parse_json('{"a":1}'), '$[0]')
variant_get(parse_json('[1]'), '$.a')
variant_get(parse_json('[1]'), '$[4294967296]')
variant_get(parse_json('[1]'), '$[2147483647]')
variant_get(parse_json('1'), '$.a')
variant_get(parse_json('{"a":null}'), '$.a', 'int')
variant_get(parse_json('{"a":null}'), '$.a')
variant_get(parse_json(NULL), '$.a', 'int')
variant_get(parse_json('{"a":1}'), NULL, 'int')
variant_get(parse_json('{"a":1}'), 'a')
variant_get(parse_json('{"a":1}'), '')
variant_get(parse_json('{"a":1}'), '$.')
variant_get(parse_json('{"a":1}'), '$a')
variant_get(parse_json('{"a":1}'), '$.a[')
variant_get(parse_json('{"a":1}'), '$.a[-1]')
variant_get(parse_json('{"a":1}'), '$[*]')
variant_get(parse_json('{"a":1}'), '$..a')
variant_get(parse_json('{"a":1}'), ' $.a')
variant_get(parse_json('{"a":1}'), '$[a]')
variant_get(parse_json('{"a":1}'), '$["a\']')
try_variant_get(parse_json('{"a":1}'), 'a')
variant_get(parse_json('{"a":1,"b":{"c":2,"d":3}}'), '$.b')
variant_get(parse_json('{"a":1}'), '$.a', 'variant')
variant_get(parse_json('{"a":1}'), '$.a', 'nosuch')
variant_get(parse_json('{"a":1}'), '$.a', 'interval')
variant_get(parse_json('{"a":1}'), '$.a', 'map<int,int>')
variant_get('{"a":1}', '$.a', 'int')
variant_get(parse_json('{"a":1}'))
variant_get(parse_json('{"a":1}'), '$.a', concat('in', 't'))
variant_get(parse_json('{"a":1}'), concat('$', '.a'), 'int')
(SELECT max(variant_get(parse_json(j), p, 'int')) FROM VALUES ('{"a":1}', '$.a'), ('{"b":5}', '$.b') t(j, p))
variant_get(parse_json(concat('{', array_join(transform(sequence(1, 300), x -> concat('"k', x, '":', x)), ','), '}')), '$.k299', 'int')
parse_json('{"a":1,"b":null}')::string
parse_json('"text"')::string
parse_json('null')::string
parse_json('1.50')::string
parse_json('1e30')::string
parse_json('1.0')::string
parse_json('100.0')::string
parse_json('[1.10,1e3,"q\\"\\u0001\\u2028/"]')::string
parse_json('true')::boolean
parse_json('0')::boolean
parse_json('2')::boolean
parse_json('"yes"')::boolean
parse_json('"maybe"')::boolean
parse_json('0.0')::boolean
parse_json('1')::tinyint
parse_json('128')::tinyint
parse_json('-129')::tinyint
parse_json('32768')::smallint
parse_json('2147483648')::int
parse_json('1.9')::int
parse_json('-1.9')::int
parse_json('1e10')::int
parse_json('1e5')::int
parse_json('" 12 "')::int
parse_json('"1.5"')::int
parse_json('"x"')::int
parse_json('true')::int
parse_json('true')::double
parse_json('true')::decimal(3,1)
parse_json('9223372036854775808')::bigint
parse_json('1e19')::bigint
parse_json('5')::float
parse_json('0.1')::float
parse_json('0.1')::double
parse_json('"1e5"')::double
parse_json('"NaN"')::double
parse_json('"Infinity"')::float
parse_json('1e400')::double
parse_json('123')::decimal(5,2)
parse_json('1234')::decimal(5,2)
parse_json('1.255')::decimal(5,2)
parse_json('"1.255"')::decimal(5,2)
parse_json('1e2')::decimal(5,2)
parse_json('true')::decimal(1,1)
parse_json('"2024-02-29"')::date
parse_json('"2024-02-30"')::date
parse_json('1')::date
parse_json('"2024-02-29 01:02:03.5"')::timestamp
parse_json('"2024-02-29T01:02:03Z"')::timestamp
parse_json('"2024-02-29 01:02:03"')::timestamp_ntz
parse_json('1')::timestamp
parse_json('1.5')::timestamp
parse_json('1e3')::timestamp
parse_json('9223372036854775807')::timestamp
parse_json('true')::timestamp
parse_json('1')::timestamp_ntz
parse_json('"abc"')::binary
parse_json('1')::binary
parse_json('[1]')::int
parse_json('{}')::boolean
parse_json('[1,2,null]')::array<int>
parse_json('[1,"x"]')::array<int>
parse_json('[1,"x"]')::array<string>
parse_json('[1,[2]]')::array<variant>
parse_json('1')::array<int>
parse_json('{"a":1}')::array<int>
parse_json('{"a":1,"b":2}')::map<string,int>
parse_json('{"a":1,"b":null}')::map<string,string>
parse_json('[1]')::map<string,int>
parse_json('{"a":1}')::map<int,int>
parse_json('{"a":1,"b":"x","extra":true}')::struct<b:string,a:int,missing:double>
parse_json('{"A":1}')::struct<a:int>
parse_json('{"a":{"b":[1,2]}}')::struct<a:struct<b:array<bigint>>>
parse_json('{"a":"x"}')::struct<a:int>
parse_json('1')::struct<a:int>
parse_json('null')::struct<a:int>
parse_json('null')::array<int>
try_cast(parse_json('"x"') AS int)
try_cast(parse_json('[1,"x"]') AS array<int>)
try_cast(parse_json('{"a":"x","b":1}') AS struct<a:int,b:int>)
try_cast(parse_json('{"a":"x"}') AS map<string,int>)
try_cast(parse_json('[1]') AS int)
CAST(parse_json('1') AS interval)
CAST(parse_json('1') AS interval day)
CAST(parse_json('1') AS char(3))
CAST(parse_json('1') AS void)
1::variant
1Y::variant
300::variant
1L::variant
70000L::variant
9223372036854775807L::variant
1.50::variant
CAST(1.5 AS decimal(38,10))::variant
CAST(-123456789.12 AS decimal(18,2))::variant
CAST('-12345678901234567890' AS decimal(38,0))::variant
1.5D::variant
CAST(1.5 AS float)::variant
CAST('NaN' AS double)::variant
CAST('Infinity' AS float)::variant
true::variant
'text'::variant
X'00FF10'::variant
DATE'2024-02-29'::variant
TIMESTAMP'2024-02-29 01:02:03.000456'::variant
TIMESTAMP_NTZ'2024-02-29 01:02:03'::variant
array(1, NULL, 3)::variant
array('a', 'b')::variant
array(array(1L), NULL)::variant
map('a', 1)::variant
named_struct('a', 1)::variant
NULL::variant
CAST(NULL AS int)::variant
INTERVAL '1' DAY::variant
CAST(parse_json('{"a":1}') AS variant)
array(parse_json('1'), NULL)::variant
DATE'2024-02-29'::variant::string
DATE'-0044-03-15'::variant::string
TIMESTAMP'2024-02-29 01:02:03.000456'::variant::string
array(TIMESTAMP'2024-02-29 01:02:03.000456', TIMESTAMP'2024-07-01 00:00:00', NULL)::variant::string
array(TIMESTAMP_NTZ'2024-02-29 01:02:00')::variant::string
array(DATE'2024-02-29')::variant::string
array(X'00FF10')::variant::string
array(1.5D, CAST('NaN' AS double), 1e30D, 0D, -0D, 1e-5D, 12345678D, 100D)::variant::string
array(CAST(0.1 AS float), CAST(1e10 AS float))::variant::string
array(CAST(1.500 AS decimal(38,3)), CAST(100 AS decimal(5,0)), CAST(0 AS decimal(38,18)))::variant::string
X'616263'::variant::string
X'616263'::variant::binary
1.5D::variant::int
CAST(1.5 AS float)::variant::double
CAST('NaN' AS double)::variant::int
CAST('NaN' AS double)::variant::decimal(5,2)
CAST('NaN' AS double)::variant::timestamp
1.5D::variant::timestamp
1.5D::variant::decimal(2,1)
1e20D::variant::float
DATE'2024-02-29'::variant::timestamp
DATE'2024-02-29'::variant::timestamp_ntz
DATE'2024-02-29'::variant::int
TIMESTAMP'2024-02-29 01:02:03.5'::variant::date
TIMESTAMP'2024-02-29 01:02:03.5'::variant::timestamp_ntz
TIMESTAMP'2024-02-29 01:02:03.5'::variant::bigint
TIMESTAMP'2024-02-29 01:02:03.5'::variant::int
TIMESTAMP'2024-02-29 01:02:03.5'::variant::tinyint
TIMESTAMP'2024-02-29 01:02:03.5'::variant::double
TIMESTAMP'2024-02-29 01:02:03.5'::variant::decimal(20,3)
TIMESTAMP'2024-02-29 01:02:03.5'::variant::boolean
TIMESTAMP_NTZ'2024-02-29 01:02:03.5'::variant::timestamp
TIMESTAMP_NTZ'2024-02-29 01:02:03.5'::variant::date
TIMESTAMP_NTZ'2024-02-29 01:02:03.5'::variant::string
TIMESTAMP_NTZ'2024-02-29 01:02:03.5'::variant::bigint
schema_of_variant(parse_json('null'))
schema_of_variant(parse_json('[{"b":true,"a":0}]'))
schema_of_variant(parse_json('1'))
schema_of_variant(parse_json('1.50'))
schema_of_variant(parse_json('1e5'))
schema_of_variant(parse_json('100.0'))
schema_of_variant(parse_json('[1,1.5]'))
schema_of_variant(parse_json('[1,1e5]'))
schema_of_variant(parse_json('[1.5,1e5]'))
schema_of_variant(parse_json('[1,"a"]'))
schema_of_variant(parse_json('[1,true]'))
schema_of_variant(parse_json('[null,1]'))
schema_of_variant(parse_json('[]'))
schema_of_variant(parse_json('{}'))
schema_of_variant(parse_json('[{"a":1},{"b":"x"},{"a":1.5}]'))
schema_of_variant(parse_json('[{"a":1},[1]]'))
schema_of_variant(parse_json('[[1],["a"]]'))
schema_of_variant(parse_json('{"a b":1,"select":2,"é":3}'))
schema_of_variant(parse_json('[12345678901234567890.5,1]'))
schema_of_variant(parse_json('[12345678901234567890123456789012345678,0.5]'))
schema_of_variant(DATE'2024-01-01'::variant)
schema_of_variant(array(DATE'2024-01-01')::variant)
schema_of_variant(TIMESTAMP'2024-01-01 00:00:00'::variant)
schema_of_variant(TIMESTAMP_NTZ'2024-01-01 00:00:00'::variant)
schema_of_variant(X'00'::variant)
schema_of_variant(CAST(1 AS float)::variant)
schema_of_variant(array(CAST(1 AS float)::variant, 1L::variant)::variant)
schema_of_variant(array(CAST(1 AS float)::variant, 1.5::variant)::variant)
schema_of_variant(array(DATE'2024-01-01'::variant, TIMESTAMP'2024-01-01 00:00:00'::variant)::variant)
schema_of_variant(array(TIMESTAMP_NTZ'2024-01-01 00:00:00'::variant, TIMESTAMP'2024-01-01 00:00:00'::variant)::variant)
schema_of_variant(parse_json(NULL))
schema_of_variant('x')
(SELECT schema_of_variant_agg(parse_json(j)) FROM VALUES ('1'), ('2'), ('3') AS tab(j))
(SELECT schema_of_variant_agg(parse_json(j)) FROM VALUES ('{"a": 1}'), ('{"b": true}'), ('{"c": 1.23}') AS tab(j))
(SELECT schema_of_variant_agg(parse_json(j)) FROM VALUES ('1'), (NULL), ('"x"') AS tab(j))
(SELECT schema_of_variant_agg(parse_json(j)) FROM VALUES (CAST(NULL AS STRING)) AS tab(j))
(SELECT schema_of_variant_agg(parse_json(j)) FROM VALUES ('1') AS tab(j) WHERE j = '2')
to_variant_object(named_struct('a', 1, 'b', 2))
to_variant_object(named_struct('b', 1, 'a', map('z', array(1, NULL), 'y', NULL)))
to_variant_object(array(1, 2, 3))
to_variant_object(array(named_struct('a', 1)))
to_variant_object(array(map('a', 2)))
to_variant_object(map('b', 1.5, 'a', NULL))
to_variant_object(map(1, 2))
to_variant_object(1)
to_variant_object(parse_json('{}'))
to_variant_object(named_struct('i', INTERVAL '1' DAY))
to_variant_object(CAST(NULL AS array<int>))
to_variant_object(named_struct('v', parse_json('{"x":1}'), 'w', parse_json('{"x":2,"y":3}')))
to_json(parse_json('{"a":1,"b":[null,1.5]}'))
to_json(parse_json('null'))
to_json(parse_json(NULL))
to_json(named_struct('v', parse_json('{"a":"q\\""}'), 'n', CAST(NULL AS variant), 'j', parse_json('null')))
to_json(array(parse_json('1'), NULL))
to_json(map('k', parse_json('[1]')))
to_json(array(TIMESTAMP'2024-02-29 01:02:03'::variant, DATE'2024-02-29'::variant))
from_json('{"a":1}', 'variant')
from_json('[1,2', 'variant')
from_json('', 'variant')
from_json(NULL, 'variant')
from_json('{"a":{"x":1},"b":[2]}', 'a variant, b variant')
from_json('{"a":{"x":1},"b":[2]}', 'struct<a: variant, c: variant>')
from_json('{"a":null}', 'a variant')
from_json('{"a":[1,"x"]}', 'map<string, variant>')
from_json('[{"a":1},2]', 'array<variant>')
from_json('{"a":1.5,"b":"2024-01-01"}', 'a variant, b variant')
typeof(parse_json('1'))
coalesce(parse_json(NULL), parse_json('1'))
if(true, parse_json('1'), parse_json('2'))
CASE WHEN false THEN parse_json('1') END
nvl(parse_json('null'), parse_json('2'))
array(parse_json('1'), parse_json('"a"'))
array(parse_json('1'), 2)
map('k', parse_json('{"a":1}'))
named_struct('v', parse_json('{"a":1}'))
named_struct('v', parse_json('{"a":1}')).v
array(parse_json('{"a":1}'))[0]
map('k', parse_json('{"a":1}'))['k']
size(array(parse_json('1'), NULL))
transform(array(parse_json('1'), parse_json('"2"')), x -> x::int)
filter(array(parse_json('1'), parse_json('null')), x -> NOT is_variant_null(x))
(SELECT first(v) FROM VALUES (parse_json('1')) t(v))
(SELECT any_value(v) FROM VALUES (parse_json('{"a":2}')) t(v))
(SELECT last(v) FROM VALUES (parse_json('[1]')) t(v))
(SELECT count(v) FROM VALUES (parse_json('1')), (NULL), (parse_json('null')) t(v))
(SELECT collect_list(v) FROM VALUES (parse_json('1')), (NULL), (parse_json('null')) t(v))
(SELECT collect_set(v) FROM VALUES (parse_json('1')) t(v))
(SELECT min(v) FROM VALUES (parse_json('1')) t(v))
(SELECT max_by(v, k) FROM VALUES (parse_json('1'), 1), (parse_json('2'), 2) t(v, k))
(SELECT max_by(k, v) FROM VALUES (parse_json('1'), 1) t(v, k))
(SELECT count(DISTINCT v) FROM VALUES (parse_json('1')) t(v))
(SELECT sum(v) FROM VALUES (parse_json('1')) t(v))
(SELECT v FROM VALUES (parse_json('1')) t(v) GROUP BY v)
(SELECT v FROM VALUES (parse_json('1')) t(v) ORDER BY v)
(SELECT v FROM VALUES (array(parse_json('1'))) t(v) ORDER BY v)
(SELECT DISTINCT v FROM VALUES (parse_json('1')) t(v))
(SELECT v FROM VALUES (parse_json('1')) t(v) UNION SELECT parse_json('1'))
(SELECT count(*) FROM (SELECT v FROM VALUES (parse_json('1')) t(v) UNION ALL SELECT parse_json('1')))
(SELECT v FROM VALUES (parse_json('1')) t(v) INTERSECT SELECT parse_json('1'))
(SELECT v FROM VALUES (parse_json('1')) t(v) EXCEPT SELECT parse_json('1'))
(SELECT count(*) FROM VALUES (parse_json('1')) t(v) JOIN VALUES (parse_json('1')) u(w) ON v = w)
(SELECT count(*) FROM (SELECT row_number() OVER (PARTITION BY v ORDER BY 1) FROM VALUES (parse_json('1')) t(v)))
(SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY v) FROM VALUES (parse_json('1')) t(v)))
(SELECT count(*) FROM (SELECT struct(v) s FROM VALUES (parse_json('1')) t(v) GROUP BY s))
(SELECT count(*) FROM (SELECT struct(v) s FROM VALUES (parse_json('1')) t(v)) GROUP BY s)
parse_json('1') = parse_json('1')
parse_json('1') <=> parse_json('1')
parse_json('1') < parse_json('2')
parse_json('1') = 1
parse_json('1') + 1
parse_json('"a"') || 'b'
concat(parse_json('"a"'), 'b')
length(parse_json('"abc"'))
upper(parse_json('"abc"'))
parse_json('1') IN (parse_json('1'))
parse_json('true') AND true
NOT parse_json('true')
array_contains(array(parse_json('1')), parse_json('1'))
array_distinct(array(parse_json('1')))
sort_array(array(parse_json('1')))
map(parse_json('1'), 1)
hash(parse_json('1'))
xxhash64(parse_json('1'))
hash(named_struct('v', parse_json('1')))
md5(parse_json('1'))
greatest(parse_json('1'), parse_json('2'))
(SELECT sum(pos) FROM variant_explode(parse_json('["hello", "world"]')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode(parse_json('["hello", "world"]')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode(input => parse_json('{"a": true, "b": 3.14, "A": null}')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode(parse_json('1')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode(parse_json('[]')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode(parse_json(NULL)))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode_outer(parse_json('[]')))
(SELECT collect_list(struct(pos, key, value)) FROM variant_explode_outer(parse_json('{"x":{"y":1}}')))
(SELECT count(*) FROM variant_explode_outer(parse_json('1')))
(SELECT collect_list(struct(id, pos, key, value)) FROM VALUES (1, '{"a":1}'), (2, '[5]'), (3, 'null') t(id, j), LATERAL variant_explode(parse_json(j)))
(SELECT collect_list(struct(id, t.pos, t.key, t.value)) FROM VALUES (1, '{"a":1}'), (2, '[5]'), (3, 'null') s(id, j) LATERAL VIEW OUTER variant_explode(parse_json(j)) t)
(SELECT count(*) FROM variant_explode('[1]'))
parse_json('{"a":{"b":1}}'):a
parse_json('{"a":{"b":[5,6]}}'):a.b[1]
parse_json('{"a":{"b":[5,6]}}'):a.b[1]::int
parse_json('{"a b":1}'):['a b']::int
(SELECT v:price::double FROM VALUES (parse_json('{"price":2.5}')) t(v))
parse_json('{"a":1}').a
