'Spark' LIKE '%park'
'Spark' LIKE '_park'
'Spark' LIKE 'S%k'
'a_b' LIKE 'a\\_b'
'axb' LIKE 'a\\_b'
'a%b' LIKE 'a/%b' ESCAPE '/'
'a%b' LIKE 'a\\xb'
'a%b' LIKE 'ab\\'
'日本' LIKE '_本'
'' LIKE '%'
NULL LIKE 'a'
'Spark' ILIKE '_PARK'
'a\nb' LIKE 'a%b'
'abc' LIKE ''
like('Spark', 'S%')
'Spark' RLIKE 'S.*k'
'Spark' RLIKE '^p'
rlike('100-200', '(\\d+)-(\\d+)')
regexp('abc', 'B')
regexp_like('abc', '(?i)B')
'abc' RLIKE '['
'foobar' RLIKE 'foo(?=bar)'
'aa' RLIKE '(a)\\1'
regexp_replace('100-200', '(\\d+)', 'num')
regexp_replace('100-200', '(\\d+)-(\\d+)', '$2-$1')
regexp_replace('abc', 'x*', '-')
regexp_replace('aab', 'a*', '-')
regexp_replace('100-200', '(\\d+)', 'num', 4)
regexp_replace('abc', 'b', '\\$')
regexp_replace('abc', 'b', '$3')
regexp_replace('日本語', '本', 'x')
regexp_replace(NULL, 'a', 'b')
regexp_replace('hello world', '\\s+', '')
regexp_replace('a.b.c', '\\.', '_')
regexp_replace('Hello123', '[^a-zA-Z]', '')
regexp_extract('100-200', '(\\d+)-(\\d+)', 1)
regexp_extract('100-200', '(\\d+)-(\\d+)', 0)
regexp_extract('100-200', '(\\d+)-(\\d+)')
regexp_extract('foo', '(\\d+)', 1)
regexp_extract('100-200', '(\\d+)-(\\d+)', 3)
regexp_extract('a', '(b)?a', 1)
regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 1)
regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 0)
regexp_extract_all('abc', '(\\d+)', 1)
regexp_count('Steven Jones and Stephen Smith', 'Ste(v|ph)en')
regexp_count('abc', '')
regexp_substr('Steven Jones', 'Ste(v|ph)en')
regexp_substr('abc', 'x')
regexp_instr('user@spark.apache.org', '@[^.]*')
regexp_instr('abc', 'x')
split('oneAtwoBthreeC', '[ABC]')
split('oneAtwoBthreeC', '[ABC]', -1)
split('oneAtwoBthreeC', '[ABC]', 2)
split('oneAtwoBthreeC', '[ABC]', 0)
split('abc', '')
split('abc', '', 2)
split('', ',')
split('a,b,,', ',')
split(NULL, ',')
split('a1b2', '\\d')
split('a|b', '|')
split('a.b', '\\.')
str_to_map('a:1,b:2,c:3', ',', ':')
str_to_map('a')
str_to_map('a=1&b=2', '&', '=')
str_to_map('a:1,a:2')
'foo1' RLIKE '^[a-z]+\\d$'
regexp_replace('x-1', '\\p{Punct}', '_')
regexp_extract('key=val', '(?<k>\\w+)=(?<v>\\w+)', 2)
