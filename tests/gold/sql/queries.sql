-- setup
CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, 'a', 10.5D), (2, 'b', 20.0D), (3, 'a', CAST(NULL AS DOUBLE)), (4, NULL, 5.25D) AS t(id, grp, val);
CREATE TEMP VIEW u AS SELECT * FROM VALUES (1, 'x'), (2, 'y'), (2, 'z'), (5, 'w') AS u(id, tag);
CREATE TEMP VIEW n AS SELECT * FROM VALUES (1, named_struct('f', 1, 'g', named_struct('h', 'deep')), array(1, 2, 3), map('k', 'v')), (2, NULL, array(), map()) AS n(id, s, arr, m);
CREATE TEMP VIEW e AS SELECT * FROM VALUES ('emp1', 'd1', 100), ('emp2', 'd1', 200), ('emp3', 'd2', 300), ('emp4', 'd2', 300), ('emp5', 'd3', NULL) AS e(name, dept, salary)
-- star
SELECT * FROM t
-- star_qualified
SELECT t.*, u.tag FROM t JOIN u ON t.id = u.id
-- star_twice
SELECT *, * FROM u
-- case_insensitive_name
SELECT ID, Grp FROM t
-- auto_name_arith
SELECT id + 1, -id, id * 2.5, id / 2, id % 2 FROM t
-- auto_name_qualified
SELECT t.id + 1, upper(t.grp), t.id FROM t
-- auto_name_cast
SELECT CAST(id AS STRING), CAST(1 AS STRING), CAST(id + 1 AS BIGINT) FROM t
-- auto_name_case
SELECT CASE WHEN id > 1 THEN 'big' ELSE 'small' END, CASE id WHEN 1 THEN 'one' END FROM t
-- auto_name_literals
SELECT 1, 'a', 1.5, 1.5D, true, NULL, DATE'2020-01-31', 10L, X'1F'
-- auto_name_logic
SELECT id = 1, id <> 1, id > 1 AND id < 3, NOT id = 2, id IS NULL, id IN (1, 2), id BETWEEN 1 AND 2, grp LIKE 'a%' FROM t
-- auto_name_agg
SELECT count(*), count(id), sum(id), avg(val), count(DISTINCT grp), max(t.val) FROM t
-- nested_field
SELECT s.f, s.g.h, n.s.f, s.g FROM n
-- nested_field_expr
SELECT s.f + 1, s['f'], arr[0], m['k'], m.k FROM n
-- struct_star
SELECT s.* FROM n WHERE id = 1
-- unknown_column
SELECT idd FROM t
-- unknown_column_qualified
SELECT t.idd FROM t
-- unknown_column_join
SELECT foo FROM t JOIN u ON t.id = u.id
-- unknown_column_no_from
SELECT foo
-- unknown_column_where
SELECT id FROM t WHERE vall > 1
-- unknown_qualifier
SELECT zz.id FROM t
-- unknown_field
SELECT s.zzz FROM n
-- extract_from_int
SELECT id.f FROM t
-- ambiguous
SELECT id FROM t JOIN u ON t.id = u.id
-- ambiguous_where
SELECT t.id FROM t, u WHERE id = 1
-- unknown_table
SELECT * FROM no_such_table
-- unknown_function
SELECT no_such_function(id) FROM t
-- star_expand_unknown
SELECT zz.* FROM t
-- filter_not_boolean
SELECT * FROM t WHERE id + 1
-- filter_null
SELECT * FROM t WHERE NULL
-- where_aggregate
SELECT id FROM t WHERE sum(id) > 1
-- where_window
SELECT id FROM t WHERE row_number() OVER (ORDER BY id) = 1
-- lateral_alias
SELECT id + 1 AS a, a * 2 AS b, b + a AS c FROM t
-- lateral_alias_name
SELECT id AS a, a + 1 FROM t
-- lateral_alias_shadowed
SELECT id + 100 AS val, val FROM t
-- lateral_alias_ambiguous
SELECT id AS a, grp AS a, a FROM t
-- lateral_alias_window
SELECT row_number() OVER (ORDER BY id) AS rn, rn + 1 AS next FROM t
-- lateral_alias_agg
SELECT sum(id) AS s, s + 1 AS s1, grp FROM t GROUP BY grp
-- order_by_alias
SELECT id AS x FROM t ORDER BY x DESC
-- order_by_hidden
SELECT grp FROM t ORDER BY id DESC
-- order_by_ordinal
SELECT grp, id FROM t ORDER BY 2 DESC
-- order_by_ordinal_bad
SELECT grp, id FROM t ORDER BY 3
-- order_by_expr
SELECT id FROM t ORDER BY id % 2, id DESC
-- order_by_nulls
SELECT grp FROM t ORDER BY grp NULLS LAST, id
-- order_by_nulls_desc
SELECT grp, id FROM t ORDER BY grp DESC, id
-- order_by_agg
SELECT grp FROM t GROUP BY grp ORDER BY sum(id) DESC
-- order_by_agg_alias
SELECT grp, sum(id) AS s FROM t GROUP BY grp ORDER BY s
-- order_by_agg_group_hidden
SELECT sum(id) FROM t GROUP BY grp ORDER BY grp
-- order_by_having
SELECT grp, count(*) c FROM t GROUP BY grp HAVING count(*) >= 1 ORDER BY max(id), c
-- order_by_distinct_missing
SELECT DISTINCT grp FROM t ORDER BY id
-- order_by_window
SELECT id FROM t ORDER BY row_number() OVER (ORDER BY id DESC)
-- group_by
SELECT grp, sum(val), count(*) FROM t GROUP BY grp
-- group_by_ordinal
SELECT grp, count(*) FROM t GROUP BY 1
-- group_by_ordinal_bad
SELECT grp, count(*) FROM t GROUP BY 3
-- group_by_ordinal_agg
SELECT grp, count(*) FROM t GROUP BY 2
-- group_by_alias
SELECT upper(grp) AS g, count(*) FROM t GROUP BY g
-- group_by_all
SELECT grp, id % 2 AS p, count(*) FROM t GROUP BY ALL
-- group_by_expr
SELECT id % 2 + 1, count(*) FROM t GROUP BY id % 2
-- group_by_missing
SELECT grp, id FROM t GROUP BY grp
-- group_by_none
SELECT grp, sum(id) FROM t
-- group_by_aggregate
SELECT sum(id) FROM t GROUP BY sum(id)
-- nested_aggregate
SELECT sum(max(id)) FROM t
-- having
SELECT grp, sum(id) AS s FROM t GROUP BY grp HAVING s > 2
-- having_aggregate
SELECT grp FROM t GROUP BY grp HAVING sum(id) > 2
-- having_without_group
SELECT count(*) FROM t HAVING count(*) > 100
-- rollup
SELECT grp, id % 2 AS p, sum(id), grouping(grp), grouping_id() FROM t GROUP BY ROLLUP(grp, id % 2)
-- cube
SELECT dept, name, count(*), grouping_id(dept, name) FROM e GROUP BY CUBE(dept, name)
-- grouping_sets
SELECT dept, name, sum(salary) FROM e GROUP BY GROUPING SETS ((dept), (name), ())
-- partial_rollup
SELECT dept, name, sum(salary) FROM e GROUP BY dept, ROLLUP(name)
-- grouping_without
SELECT grouping(grp) FROM t GROUP BY grp
-- having_grouping
SELECT dept, sum(salary) FROM e GROUP BY ROLLUP(dept) HAVING grouping(dept) = 1
-- filter_clause
SELECT count(*) FILTER (WHERE id > 1), sum(id) FILTER (WHERE grp = 'a') FROM t
-- global_agg_empty
SELECT count(*), sum(id), max(grp) FROM t WHERE id > 100
-- group_agg_empty
SELECT grp, count(*) FROM t WHERE id > 100 GROUP BY grp
-- window_rank
SELECT name, rank() OVER (PARTITION BY dept ORDER BY salary DESC) r, dense_rank() OVER (ORDER BY salary) d, row_number() OVER (ORDER BY name) n FROM e
-- window_agg
SELECT id, sum(id) OVER (ORDER BY id) s, sum(id) OVER () total, avg(val) OVER (PARTITION BY grp) FROM t
-- window_rows
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) s FROM t
-- window_range
SELECT id, sum(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) s FROM t
-- window_lag
SELECT id, lag(id) OVER (ORDER BY id) l, lead(id, 2, -1) OVER (ORDER BY id) m FROM t
-- window_first_last
SELECT id, first_value(grp) OVER (ORDER BY id) f, last_value(id) OVER (ORDER BY id) l, nth_value(id, 2) OVER (ORDER BY id) n FROM t
-- window_over_group
SELECT dept, sum(salary) s, rank() OVER (ORDER BY sum(salary) DESC NULLS LAST) r, sum(sum(salary)) OVER () t FROM e GROUP BY dept
-- window_no_order
SELECT row_number() OVER (PARTITION BY grp) FROM t
-- window_no_over
SELECT row_number() FROM t
-- window_named
SELECT id, sum(id) OVER w FROM t WINDOW w AS (PARTITION BY grp ORDER BY id)
-- window_distinct
SELECT count(DISTINCT id) OVER () FROM t
-- ntile
SELECT id, ntile(2) OVER (ORDER BY id), percent_rank() OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM t
-- join_inner
SELECT t.id, tag FROM t JOIN u ON t.id = u.id
-- join_left
SELECT t.id, u.id, tag FROM t LEFT JOIN u ON t.id = u.id
-- join_right
SELECT t.id, u.id FROM t RIGHT JOIN u ON t.id = u.id
-- join_full
SELECT t.id, u.id FROM t FULL OUTER JOIN u ON t.id = u.id
-- join_semi
SELECT * FROM t LEFT SEMI JOIN u ON t.id = u.id
-- join_anti
SELECT * FROM t LEFT ANTI JOIN u ON t.id = u.id
-- join_cross
SELECT count(*) FROM t CROSS JOIN u
-- join_comma
SELECT t.id, u.tag FROM t, u WHERE t.id = u.id
-- join_using
SELECT * FROM t JOIN u USING (id)
-- join_using_left
SELECT * FROM t LEFT JOIN u USING (id)
-- join_using_right
SELECT * FROM t RIGHT JOIN u USING (id)
-- join_using_full
SELECT * FROM t FULL JOIN u USING (id)
-- join_using_hidden
SELECT t.id, u.id, id FROM t FULL JOIN u USING (id)
-- join_using_star_right
SELECT u.* FROM t JOIN u USING (id)
-- join_using_missing
SELECT * FROM t JOIN u USING (grp)
-- join_natural
SELECT * FROM t NATURAL JOIN u
-- join_semi_using
SELECT * FROM t LEFT SEMI JOIN u USING (id)
-- join_not_boolean
SELECT * FROM t JOIN u ON t.id
-- join_self
SELECT a.id, b.id FROM t a JOIN t b ON a.id + 1 = b.id
-- join_lateral
SELECT t.id, x.y FROM t, LATERAL (SELECT t.id * 2 AS y) x
-- join_lateral_left
SELECT t.id, x.tag FROM t LEFT JOIN LATERAL (SELECT tag FROM u WHERE u.id = t.id) x
-- join_types
SELECT t.id FROM t JOIN (SELECT '1' AS k) s ON t.id = s.k
-- union_all
SELECT id FROM t UNION ALL SELECT id FROM u
-- union
SELECT id FROM t UNION SELECT id FROM u
-- union_widen
SELECT 1 AS a UNION ALL SELECT 2.5 UNION ALL SELECT 'x'
-- union_null
SELECT 1 AS a UNION ALL SELECT NULL
-- union_mismatch
SELECT 1, 2 UNION ALL SELECT 1
-- union_incompatible
SELECT array(1) AS a UNION ALL SELECT 1
-- intersect
SELECT id FROM t INTERSECT SELECT id FROM u
-- except
SELECT id FROM t EXCEPT SELECT id FROM u
-- except_all
SELECT id FROM u EXCEPT ALL SELECT id FROM t
-- intersect_all
SELECT id FROM u INTERSECT ALL SELECT id FROM u
-- set_order_limit
SELECT id FROM t UNION ALL SELECT id FROM u ORDER BY id DESC LIMIT 3
-- distinct
SELECT DISTINCT grp FROM t
-- limit_offset
SELECT id FROM t ORDER BY id LIMIT 2 OFFSET 1
-- limit_expr
SELECT id FROM t ORDER BY id LIMIT 1 + 1
-- limit_negative
SELECT id FROM t LIMIT -1
-- limit_column
SELECT id FROM t LIMIT id
-- limit_string
SELECT id FROM t LIMIT 'a'
-- limit_null
SELECT id FROM t LIMIT CAST(NULL AS INT)
-- offset_negative
SELECT id FROM t OFFSET -2
-- cte
WITH a AS (SELECT id FROM t WHERE id < 3), b AS (SELECT id + 1 AS id FROM a) SELECT a.id, b.id FROM a JOIN b ON a.id = b.id
-- cte_columns
WITH a(x, y) AS (SELECT id, grp FROM t) SELECT x, y FROM a WHERE x = 1
-- cte_shadow
WITH t AS (SELECT 42 AS answer) SELECT * FROM t
-- cte_nested
WITH a AS (WITH b AS (SELECT 1 AS x) SELECT x FROM b) SELECT * FROM a
-- cte_duplicate
WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a
-- subquery_alias
SELECT s.x FROM (SELECT id AS x FROM t) s WHERE s.x > 2
-- subquery_alias_columns
SELECT a, b FROM (SELECT id, grp FROM t) s(a, b) WHERE a = 1
-- subquery_alias_columns_bad
SELECT * FROM (SELECT id, grp FROM t) s(a)
-- subquery_scope
SELECT t.id FROM (SELECT id FROM t) s
-- scalar_subquery
SELECT id, (SELECT max(id) FROM u) AS m FROM t
-- scalar_subquery_correlated
SELECT id, (SELECT count(*) FROM u WHERE u.id = t.id) AS c FROM t
-- scalar_subquery_two
SELECT (SELECT id, tag FROM u)
-- scalar_subquery_not_agg
SELECT id, (SELECT tag FROM u WHERE u.id = t.id) FROM t
-- scalar_subquery_empty
SELECT (SELECT id FROM u WHERE id > 100) AS x
-- exists
SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)
-- not_exists
SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.id = t.id)
-- in_subquery
SELECT id FROM t WHERE id IN (SELECT id FROM u)
-- not_in_subquery
SELECT id FROM t WHERE id NOT IN (SELECT id FROM u)
-- in_subquery_tuple
SELECT id FROM t WHERE (id, 'x') IN (SELECT id, tag FROM u)
-- in_subquery_length
SELECT id FROM t WHERE id IN (SELECT id, tag FROM u)
-- in_subquery_struct
SELECT id FROM t WHERE struct(id) IN (SELECT id FROM u)
-- in_subquery_struct_of_two
SELECT id FROM t WHERE struct(id, 'x') IN (SELECT id, tag FROM u)
-- in_subquery_struct_alias
SELECT id FROM t WHERE struct(id AS a) IN (SELECT id FROM u)
-- in_subquery_struct_of_struct
SELECT id FROM t WHERE struct(id) IN (SELECT struct(id) FROM u)
-- in_subquery_struct_length
SELECT id FROM t WHERE struct(id, 1) IN (SELECT struct(id, 1) FROM u)
-- in_subquery_named_struct
SELECT id FROM t WHERE named_struct('id', id) IN (SELECT struct(id) FROM u)
-- in_subquery_named_struct_length
SELECT id FROM t WHERE named_struct('id', id, 'x', 1) IN (SELECT id, 1 FROM u)
-- in_list_tuple
SELECT id FROM t WHERE (id, 1) IN ((1, 1), (2, 2))
-- in_list_tuple_other
SELECT id FROM t WHERE (id, 'x') NOT IN ((1, 'x'), (2, 'y'))
-- in_list_tuple_wider
SELECT id FROM t WHERE (id, 1) IN ((1L, 1L), (2L, 2L))
-- in_list_tuple_null
SELECT id FROM t WHERE (id, 1) IN ((1, 1), (2, NULL))
-- in_list_tuple_nested
SELECT id FROM t WHERE (id, ('x', 1)) IN ((1, ('x', 1)))
-- in_subquery_struct_star
SELECT id FROM t WHERE struct(t.*) IN (SELECT * FROM t)
-- in_list_struct
SELECT id FROM t WHERE struct(id) IN (struct(1), struct(2))
-- having_subquery
SELECT grp, sum(id) FROM t GROUP BY grp HAVING sum(id) > (SELECT min(id) FROM u)
-- correlated_outer_group
SELECT grp, (SELECT count(*) FROM t t2 WHERE t2.grp = t.grp) c FROM t GROUP BY grp
-- explode
SELECT id, explode(arr) FROM n
-- explode_outer
SELECT id, explode_outer(arr) AS x FROM n
-- posexplode
SELECT id, posexplode(arr) FROM n
-- posexplode_alias
SELECT posexplode(arr) AS (p, v) FROM n
-- explode_map
SELECT explode(m) FROM n
-- explode_two
SELECT explode(arr), explode(m) FROM n
-- explode_nested
SELECT explode(arr) + 1 FROM n
-- explode_agg
SELECT explode(collect_set(grp)) AS g FROM t
-- inline
SELECT inline(array(struct(1 AS a, 'x' AS b), struct(2, 'y')))
-- stack
SELECT stack(2, 1, 'a', 2, 'b') AS (n, s)
-- lateral_view
SELECT id, x FROM n LATERAL VIEW explode(arr) q AS x
-- lateral_view_outer
SELECT id, q.x FROM n LATERAL VIEW OUTER explode(arr) q AS x
-- lateral_view_pos
SELECT id, p, x FROM n LATERAL VIEW posexplode(arr) q AS p, x WHERE p > 0
-- range
SELECT * FROM range(3)
-- range_step
SELECT id FROM range(0, 10, 3)
-- tvf_explode
SELECT * FROM explode(array(1, 2))
-- tvf_unknown
SELECT * FROM no_such_tvf(1)
-- values
VALUES (1, 'a'), (2, NULL)
-- values_widen
SELECT * FROM VALUES (1, 1), (2.5, 'x') AS v(a, b)
-- values_width
SELECT * FROM VALUES (1, 2), (3)
-- values_types
SELECT * FROM VALUES (1), (array(1))
-- values_column
SELECT * FROM VALUES (id)
-- pivot
SELECT * FROM (SELECT dept, name, salary FROM e) PIVOT (sum(salary) FOR dept IN ('d1', 'd2'))
-- pivot_alias
SELECT * FROM (SELECT dept, salary FROM e) PIVOT (sum(salary) AS s, count(salary) AS c FOR dept IN ('d1' AS a, 'd3' AS b))
-- pivot_count_absent
SELECT * FROM (SELECT dept, name FROM e) PIVOT (count(1) FOR dept IN ('d1', 'zz'))
-- unpivot
SELECT * FROM (SELECT id, val, id * 2 AS dbl FROM t) UNPIVOT (v FOR k IN (val, dbl))
-- cast_bad
SELECT CAST(array(1) AS INT)
-- cast_nested
SELECT CAST(struct(1, '2') AS STRUCT<a: STRING, b: INT>)
-- struct_names
SELECT struct(id, grp AS g, id + 1) FROM t WHERE id = 1
-- transform
SELECT transform(arr, x -> x + 1), filter(arr, x -> x > 1), aggregate(arr, 0, (a, x) -> a + x) FROM n
-- lambda_index
SELECT transform(array(5, 6), (x, i) -> x + i)
-- lambda_outer
SELECT transform(arr, x -> x + id) FROM n
-- if_coalesce
SELECT if(id > 2, 'hi', grp), coalesce(grp, 'none'), nvl(val, 0) FROM t
-- nullability
SELECT id + 1 AS a, id / 0 AS b, CAST('x' AS INT) AS c, concat('a', 'b') AS d, array(1, NULL) AS e, named_struct('x', id) AS f FROM t
-- current_names
SELECT current_date = current_date(), current_database(), current_catalog
-- not_in_null
SELECT 1 IN (2, NULL), 1 IN (1, NULL), NULL IN (1)
-- boolean_logic
SELECT NULL AND false, NULL OR true, NOT NULL
-- mixed_compare
SELECT 1 = '1', 1.0 = 1, DATE'2020-01-01' = '2020-01-01', 'a' < 'b'
-- decimal
SELECT 1.10 + 2.2, 1.10 * 2.2, 1.0 / 3, sum(x) FROM VALUES (1.10), (2.25) AS v(x)
-- tablesample_rows
SELECT count(*) FROM (SELECT * FROM t TABLESAMPLE (2 ROWS))
-- multi_alias_bad
SELECT explode(arr) AS (a, b) FROM n
-- distinct_not_agg
SELECT upper(DISTINCT grp) FROM t
-- count_star_qualified
SELECT count(t.*) FROM t
-- struct_compare_order
SELECT grp FROM t WHERE id >= 2 GROUP BY grp, val ORDER BY val DESC NULLS FIRST
-- having_alias_shadow
SELECT grp, max(id) AS id FROM t GROUP BY grp HAVING max(id) > 1 ORDER BY id
-- sort_by_struct_field
SELECT id FROM n ORDER BY s.f NULLS FIRST
-- nested_ctes_reuse
WITH a AS (SELECT id FROM t) SELECT count(*) FROM a x JOIN a y ON x.id = y.id JOIN a z ON y.id = z.id
-- except_columns
SELECT * EXCEPT (val) FROM t
-- group_by_map
SELECT m, count(*) FROM n GROUP BY m
-- group_by_struct_of_map
SELECT count(*) FROM n GROUP BY struct(m)
-- group_by_map_alias
SELECT m AS g, count(*) FROM n GROUP BY g
-- group_by_map_position
SELECT m, count(*) FROM n GROUP BY 1
-- group_by_map_all
SELECT m, count(*) FROM n GROUP BY ALL
-- group_by_map_call
SELECT map(id, 1) FROM n GROUP BY map(id, 1)
-- distinct_struct_of_map
SELECT DISTINCT struct(m) AS s FROM n
-- union_of_maps
SELECT m FROM n UNION SELECT m FROM n
-- union_all_of_maps
SELECT m FROM n UNION ALL SELECT m FROM n
-- intersect_of_maps
SELECT m FROM n INTERSECT SELECT m FROM n
-- except_of_maps
SELECT m FROM n EXCEPT SELECT m FROM n
-- order_by_map
SELECT id FROM n ORDER BY m
-- order_by_map_position
SELECT m FROM n ORDER BY 1
-- order_by_map_descending
SELECT id, m FROM n ORDER BY id, 2 DESC NULLS FIRST
-- order_by_all
SELECT grp, id FROM t ORDER BY ALL
-- order_by_all_descending
SELECT grp, id FROM t ORDER BY all DESC NULLS FIRST
-- order_by_all_maps
SELECT id, m FROM n ORDER BY ALL
-- order_by_all_grouped
SELECT grp, count(*) FROM t GROUP BY ALL ORDER BY ALL
-- order_by_column_all
SELECT val AS `all`, id FROM t ORDER BY ALL
-- order_by_all_and_more
SELECT grp, id FROM t ORDER BY ALL, id
-- sort_by_all
SELECT grp, id FROM t SORT BY ALL
-- distribute_by_hidden
SELECT id FROM t DISTRIBUTE BY grp
-- distribute_by_unknown
SELECT id FROM t DISTRIBUTE BY nope
-- distribute_by_map
SELECT id FROM n DISTRIBUTE BY m
-- cluster_by_hidden
SELECT id FROM t CLUSTER BY grp
-- cluster_by_map
SELECT id FROM n CLUSTER BY m
-- array_sort_maps
SELECT array_sort(array(m)) FROM n
-- array_sort_maps_comparator
SELECT array_sort(array(m, m), (x, y) -> 0) FROM n WHERE id = 1
-- array_sort_structs_of_maps
SELECT array_sort(array(struct(m))) FROM n
-- sort_array_maps
SELECT sort_array(array(m)) FROM n
-- array_max_maps
SELECT array_max(array(m)) FROM n
-- collect_set_structs_of_maps
SELECT collect_set(named_struct('x', m)) FROM n
-- maps_in
SELECT m IN (m) FROM n
-- hash_structs_of_maps
SELECT hash(named_struct('x', m)) FROM n
-- map_of_map_keys
SELECT map(m, 1) FROM n
-- map_from_map_keys
SELECT map_from_arrays(array(m), array(1)) FROM n
-- map_from_entries_of_map_keys
SELECT map_from_entries(array(named_struct('x', m, 'y', 1))) FROM n
-- map_from_struct_keys_of_maps
SELECT map(named_struct('x', m), 1) FROM n
-- transform_keys_to_maps
SELECT transform_keys(m, (k, v) -> m) FROM n
-- unused_cte_unknown_column
WITH c AS (SELECT nope FROM t) SELECT 1
-- unused_cte_unknown_table
WITH c AS (SELECT * FROM no_such_table) SELECT 1
-- unused_cte_distinct_maps
WITH c AS (SELECT DISTINCT m FROM n) SELECT 1
-- unused_cte_of_used
WITH a AS (SELECT id FROM t), b AS (SELECT nope FROM a) SELECT id FROM a
-- cte_used_by_unused
WITH a AS (SELECT nope FROM t), b AS (SELECT * FROM a) SELECT 1
-- unused_cte_hidden_by_inner
WITH a AS (SELECT nope FROM t) SELECT * FROM (WITH a AS (SELECT 1 AS x) SELECT * FROM a)
-- unused_cte_right
WITH a AS (SELECT id FROM t) SELECT 2
-- two_generators
SELECT id, explode(arr), posexplode_outer(m) FROM n
-- two_generators_of_aggregates
SELECT explode(collect_list(id)), explode(collect_list(id)) FROM n
-- from_json_colon
SELECT from_json('{"a": 1}', 'a: INT')
-- from_json_colon_close
SELECT from_json('{"a": 1}', 'a:INT, b:STRING')
-- from_json_colon_inside
SELECT from_json('{"a": {"b": 1}}', 'a STRUCT<b: INT>')
-- from_json_struct_colon
SELECT from_json('{"a": 1}', 'STRUCT<a: INT>')
-- from_csv_colon
SELECT from_csv('1', 'a: INT')
