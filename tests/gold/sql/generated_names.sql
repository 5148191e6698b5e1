-- setup
CREATE OR REPLACE TEMP VIEW g AS SELECT 7 AS i, 7L AS l, CAST(2.50 AS DECIMAL(10,2)) AS d, DATE '2020-01-31' AS dt, TIMESTAMP '2020-01-31 10:00:00' AS ts, TIMESTAMP_NTZ '2020-01-31 10:00:00' AS n, INTERVAL '1' DAY AS iv, INTERVAL '1-2' YEAR TO MONTH AS ym, 'x' AS s, X'AA' AS b, array(3, 1) AS a
-- date_and_days
SELECT dt + 1, 1 + dt, dt - 1, dt + i, date_add(dt, 1) FROM g
-- date_and_interval
SELECT dt + INTERVAL 1 DAY, INTERVAL 1 DAY + dt, dt - INTERVAL 1 DAY, dt + iv, dt - iv FROM g
-- date_and_months
SELECT dt + INTERVAL 1 MONTH, INTERVAL 1 MONTH + dt, dt - INTERVAL 1 MONTH, dt + ym, dt - ym FROM g
-- date_and_hours
SELECT dt + INTERVAL 1 HOUR, dt - INTERVAL 1 HOUR, dt + INTERVAL '1 02' DAY TO HOUR FROM g
-- date_and_calendar
SELECT dt + make_interval(0, 1), dt - make_interval(0, 1), ts + make_interval(0, 1), ts - make_interval(0, 1) FROM g
-- timestamp_and_interval
SELECT ts + INTERVAL 1 DAY, INTERVAL 1 DAY + ts, ts - INTERVAL 1 DAY, ts + ym, ts - ym, ts - INTERVAL '1-2' YEAR TO MONTH FROM g
-- ntz_and_interval
SELECT n + INTERVAL 1 HOUR, n - INTERVAL 1 HOUR, n + ym FROM g
-- differences
SELECT dt - dt, ts - ts, ts - dt, dt - DATE '2020-01-01', n - n FROM g
-- intervals
SELECT iv + iv, iv - iv, iv * 2, 2 * iv, iv / 2, -iv, - i, -(i + 1) FROM g
-- negative
SELECT negative(i), -i, +i, positive(i), - 5, -5L, -2.5 FROM g
-- decimal_literals
SELECT i > 1.5, i >= 1.5, i < 1.5, i <= 1.5, i = 1.5, i <=> 1.5, 1.5 < i, 1.5 <= i, 1.5 > i, 1.5 >= i FROM g
-- decimal_literals_negative
SELECT i > -1.5, i >= -1.5, i < -1.5, i <= -1.5, i > 2.0, l > 1.5, d > 1.5, d > 1, i + 1 > 0.5 FROM g
-- casts
SELECT CAST(a AS ARRAY<BIGINT>), CAST(a AS ARRAY<STRING>), CAST(struct(i) AS STRUCT<z: BIGINT>), CAST(map(i, s) AS MAP<BIGINT, STRING>), TRY_CAST(a AS ARRAY<BIGINT>), CAST(NULL AS ARRAY<INT>) FROM g
-- cast_of_column
SELECT CAST(i AS STRING), CAST(i + 1 AS STRING), CAST(a AS ARRAY<BIGINT>)[0], size(CAST(a AS ARRAY<BIGINT>)) FROM g
-- pads
SELECT lpad(b, 3), rpad(b, 3), lpad(s, 3), lpad(b, 3, X'01'), rpad(s, 3, 'y') FROM g
-- defaults
SELECT ceil(d), ceil(d, 1), floor(d, 1), ceiling(d, 1), make_dt_interval(1), make_dt_interval(1, 2, 3, 4.5), convert_timezone('UTC', n), convert_timezone('UTC', 'Asia/Tokyo', n), array_sort(a), assert_true(i > 0, 'no') FROM g
-- ranks
SELECT rank(i) OVER (ORDER BY i), dense_rank() OVER (ORDER BY i), percent_rank() OVER (ORDER BY i), row_number() OVER (ORDER BY i) FROM g
-- likes
SELECT s LIKE ANY ('a', 'b'), s LIKE ALL ('a', 'b'), s NOT LIKE ANY ('a', 'b'), s NOT LIKE ALL ('a', 'b'), s ILIKE ANY ('a', 'b'), s LIKE SOME ('a') FROM g
-- sketches
SELECT length(aes_encrypt('a', '0000111122223333')), hll_sketch_estimate(hll_sketch_agg(i)), hll_sketch_estimate(hll_union_agg(hll)) FROM (SELECT i, hll_sketch_agg(i) AS hll FROM g GROUP BY i)
-- percentiles
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY i), percentile_disc(0.5) WITHIN GROUP (ORDER BY i DESC), median(i), percentile(i, 0.5), percentile(i, array(0.5)) FROM g
-- named_struct_alias
SELECT struct(i AS x, s), (i AS x, s AS y), named_struct('a', i) FROM g
-- count_star
SELECT count(g.*), count(*), count(1), count(DISTINCT g.*) FROM g
