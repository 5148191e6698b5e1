-- Regular expressions that need backtracking: look-around, back references, atomic groups, possessive quantifiers.
'foobar' RLIKE 'foo(?=bar)'
'foobaz' RLIKE 'foo(?=bar)'
'foobaz' RLIKE 'foo(?!bar)'
'xbar' RLIKE '(?<=x)bar'
'ybar' RLIKE '(?<!x)bar'
'aa' RLIKE '(a)\\1'
'ab' RLIKE '(a)\\1'
'abab' RLIKE '^(?<p>ab)\\k<p>$'
'aaa' RLIKE 'a++a'
'aaab' RLIKE 'a++b'
'foobar' RLIKE '(?>foo|fo)obar'
regexp_replace('1234567', '(?<=\\d)(?=(\\d{3})+$)', ',')
regexp_replace('hello world', '(o)(?= )', '<$1>')
regexp_replace('aabbcd', '(.)\\1', '$1')
regexp_replace('the the cat', '\\b(\\w+) \\1\\b', '$1')
regexp_extract('price: 100USD', '(\\d+)(?=USD)', 1)
regexp_extract('price: 100EUR', '(\\d+)(?=USD)', 1)
regexp_extract_all('a1b2c3', '(?<=[a-z])(\\d)', 1)
regexp_count('aXbXc', 'X(?=c)')
regexp_instr('abcabd', 'ab(?=d)')
regexp_substr('foo123bar', '(?<=foo)\\d+')
split('a1b2c', '(?<=\\d)')
split('oneTwoThree', '(?=[A-Z])')
split('aXXbXc', '(X)\\1')
regexp_replace('日本語テキスト', '(?<=本)語', 'X')
regexp_extract('key=value', '(?<key>\\w+)=(?!x)(?<v>\\w+)', 2)
'a\nb' RLIKE 'a$(?!x)'
'foobar' RLIKE '(?=foo'
'abc' RLIKE '(?<=a{1,2})b'
