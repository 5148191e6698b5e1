1 = 1
1 = 2L
1 = 1.0
1 = '1'
'1.5' = 1
'a' = 1
'abc' = 'ABC'
NULL = 1
NULL <=> NULL
1 <=> NULL
1 != 2
1 <> 1
double('NaN') = double('NaN')
double('NaN') > double('Infinity')
-0.0D = 0.0D
true = 1
true = 2
true < 2
'true' = true
1 < 2
2 <= 2
'10' < '9'
'10' < 9
10 > '9'
DATE'2021-01-01' = '2021-01-01'
DATE'2021-01-01' < TIMESTAMP'2021-01-01 00:00:01'
TIMESTAMP'2021-01-01 00:00:00' = '2021-01-01'
array(1,2) = array(1,2)
array(1,2) < array(1,3)
array(1,NULL) = array(1,NULL)
named_struct('a',1) = named_struct('a',1)
map(1,2) = map(1,2)
array(1) = 1
binary('a') = 'a'
1.5BD > '1.4'
INTERVAL '1' DAY > INTERVAL '23' HOUR
1 in (1, 2)
3 in (1, 2)
3 in (1, NULL)
NULL in (1)
1 in ('1', '2')
1.0 in (1, 2)
'a' in ('a', 'b')
1 not in (2, NULL)
true and false
true and NULL
false and NULL
true or NULL
false or NULL
not true
not NULL
NULL and NULL
'true' and true
1 and true
isnull(NULL)
isnull(1)
isnotnull(NULL)
NULL is null
1 is not null
isnan(double('NaN'))
isnan(1.0D)
isnan(NULL)
isnan(float('NaN'))
isnan('a')
true is true
NULL is true
NULL is false
NULL is not false
false is false
2 between 1 and 3
'b' between 'a' and 'c'
NULL between 1 and 2
equal_null(NULL, NULL)
equal_null(1, 2)
named_struct('a', 1) < named_struct('a', CAST(NULL AS INT))
named_struct('a', 1) > named_struct('a', CAST(NULL AS INT))
named_struct('a', CAST(NULL AS INT)) <= named_struct('a', CAST(NULL AS INT))
named_struct('a', CAST(NULL AS INT)) < named_struct('a', CAST(NULL AS INT))
named_struct('a', 1, 'b', CAST(NULL AS STRING)) >= named_struct('a', 1, 'b', '')
named_struct('a', 1) BETWEEN named_struct('a', CAST(NULL AS INT)) AND named_struct('a', 1)
array(1) < array(CAST(NULL AS INT))
array(1) < array(1, NULL)
array(1, NULL) < array(1, 0)
array() < array(CAST(NULL AS INT))
named_struct('a', 1) < CAST(NULL AS STRUCT<a: INT>)
