-- setup
CREATE OR REPLACE TEMP VIEW ev AS SELECT * FROM VALUES
  ('A1', TIMESTAMP '2021-01-01 00:00:00', 1), ('A1', TIMESTAMP '2021-01-01 00:04:30', 2),
  ('A1', TIMESTAMP '2021-01-01 00:06:00', 3), ('A2', TIMESTAMP '2021-01-01 00:01:00', 4),
  ('A2', CAST(NULL AS TIMESTAMP), 5), ('A2', TIMESTAMP '2021-01-01 00:10:00', 6) AS t(k, ts, v);
CREATE OR REPLACE TEMP VIEW evn AS SELECT k, CAST(ts AS TIMESTAMP_NTZ) AS ts, v FROM ev
-- tumbling
SELECT window, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes') ORDER BY window
-- tumbling_fields
SELECT k, window.start, window.end, sum(v) AS s FROM ev GROUP BY k, window(ts, '5 minutes') ORDER BY k, start
-- tumbling_repeated
SELECT window(ts, '5 minutes').start AS a, max(v) FROM ev GROUP BY window(ts, '5 minutes') ORDER BY a
-- tumbling_offset
SELECT window.start, count(*) FROM ev GROUP BY window(ts, '5 minutes', '5 minutes', '1 minute') ORDER BY 1
-- tumbling_alias
SELECT w.start, count(*) FROM ev GROUP BY window(ts, '10 minutes') AS w ORDER BY 1
-- tumbling_ntz
SELECT window, count(*) AS n FROM evn GROUP BY window(ts, '5 minutes') ORDER BY window
-- tumbling_date
SELECT window.start, count(*) FROM VALUES (DATE '2021-01-01'), (DATE '2021-01-03') t(d) GROUP BY window(d, '2 days') ORDER BY 1
-- tumbling_string
SELECT window.start, count(*) FROM VALUES ('2021-01-01 00:07:00') t(d) GROUP BY window(d, '5 minutes')
-- sliding
SELECT window.start, window.end, count(*) AS n FROM ev GROUP BY window(ts, '10 minutes', '5 minutes') ORDER BY start
-- sliding_uneven
SELECT window.start, window.end, sum(v) AS n FROM ev GROUP BY window(ts, '10 minutes', '4 minutes') ORDER BY start
-- sliding_keys
SELECT k, window, sum(v) AS n FROM ev GROUP BY k, window(ts, '6 minutes', '3 minutes', '1 minute') ORDER BY k, window
-- slide_longer
SELECT window.start FROM ev GROUP BY window(ts, '5 minutes', '10 minutes') ORDER BY 1
-- sliding_project
SELECT v, window(ts, '10 minutes', '5 minutes') AS w FROM ev ORDER BY v, w.start
-- project
SELECT k, v, window(ts, '5 minutes') FROM ev ORDER BY v
-- project_nested
SELECT v, window(ts, '5 minutes').end AS e FROM ev ORDER BY v
-- project_star
SELECT *, window(ts, '5 minutes') AS w FROM ev ORDER BY v
-- project_window_time
SELECT v, window_time(window) AS t FROM (SELECT v, window(ts, '5 minutes') AS window FROM ev) ORDER BY v
-- two_same
SELECT v, window(ts, '5 minutes') AS a, window(ts, '5 minutes') AS b FROM ev ORDER BY v
-- two_windows
SELECT window(ts, '5 minutes'), window(ts, '10 minutes') FROM ev
-- having
SELECT window.start, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes') HAVING count(*) > 1 ORDER BY 1
-- having_window
SELECT window.start, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes') HAVING window.start > TIMESTAMP '2021-01-01 00:01:00' ORDER BY 1
-- order_by_window
SELECT count(*) AS n FROM ev GROUP BY window(ts, '5 minutes') ORDER BY window.start
-- order_by_window_field
SELECT k, window, count(*) AS n FROM ev GROUP BY k, window(ts, '5 minutes') ORDER BY k, window.start
-- window_time
SELECT k, window.start AS start, window_time(window) AS t, n FROM (SELECT k, window, count(*) AS n FROM ev GROUP BY k, window(ts, '5 minutes')) ORDER BY k, start
-- window_time_group
SELECT window_time(window) AS t, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes') ORDER BY t
-- window_of_window
SELECT window(window, '10 minutes').start AS s, sum(n) FROM (SELECT window, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes')) GROUP BY window(window, '10 minutes') ORDER BY s
-- window_time_other
SELECT window_time(k) FROM ev
-- months
SELECT window.start FROM ev GROUP BY window(ts, '1 month')
-- zero_length
SELECT window.start FROM ev GROUP BY window(ts, '0 minutes')
-- negative_slide
SELECT window.start FROM ev GROUP BY window(ts, '5 minutes', '-1 minutes')
-- offset_too_long
SELECT window.start FROM ev GROUP BY window(ts, '5 minutes', '5 minutes', '5 minutes')
-- not_a_duration
SELECT window.start FROM ev GROUP BY window(ts, 'abc')
-- column_duration
SELECT window.start FROM ev GROUP BY window(ts, k)
-- not_a_time
SELECT window.start FROM ev GROUP BY window(v, '5 minutes')
-- filter_window
SELECT v FROM ev WHERE window(ts, '5 minutes').start = TIMESTAMP '2021-01-01 00:00:00'
-- session
SELECT session_window, count(*) AS n FROM ev GROUP BY session_window(ts, '5 minutes') ORDER BY session_window
-- session_keys
SELECT k, session_window.start, session_window.end, count(*) AS n, sum(v) AS s FROM ev GROUP BY k, session_window(ts, '5 minutes') ORDER BY k, start
-- session_gap_column
SELECT k, session_window.start, session_window.end, count(*) AS n FROM ev GROUP BY k, session_window(ts, CASE WHEN k = 'A1' THEN '5 minutes' WHEN k = 'A2' THEN '1 minute' ELSE '10 minutes' END) ORDER BY k, start
-- session_gap_by_row
SELECT session_window, count(*) AS n FROM ev GROUP BY session_window(ts, CASE WHEN v = 1 THEN '20 minutes' ELSE '30 seconds' END) ORDER BY session_window
-- session_gap_bad_rows
SELECT session_window, count(*) AS n FROM ev GROUP BY session_window(ts, CASE WHEN v = 1 THEN '0 seconds' WHEN v = 2 THEN '-5 minutes' WHEN v = 3 THEN CAST(NULL AS STRING) ELSE '30 seconds' END) ORDER BY session_window
-- session_touching
SELECT session_window, count(*) AS n FROM VALUES (TIMESTAMP '2021-01-01 00:00:00'), (TIMESTAMP '2021-01-01 00:05:00'), (TIMESTAMP '2021-01-01 00:10:00.000001') t(ts) GROUP BY session_window(ts, '5 minutes') ORDER BY session_window
-- session_distinct
SELECT session_window.start, count(DISTINCT k) AS n, collect_set(k) IS NOT NULL AS c FROM ev GROUP BY session_window(ts, '5 minutes') ORDER BY 1
-- session_ntz
SELECT session_window, count(*) AS n FROM evn GROUP BY session_window(ts, '5 minutes') ORDER BY session_window
-- session_alias
SELECT s.start, count(*) FROM ev GROUP BY session_window(ts, '5 minutes') AS s ORDER BY 1
-- session_project
SELECT v, session_window(ts, '5 minutes') AS s FROM ev ORDER BY v
-- session_and_window
SELECT count(*) FROM ev GROUP BY session_window(ts, '5 minutes'), window(ts, '5 minutes')
-- session_empty
SELECT session_window, count(*) AS n FROM ev WHERE v > 100 GROUP BY session_window(ts, '5 minutes')
-- session_interval
SELECT session_window.end, count(*) AS n FROM ev GROUP BY session_window(ts, INTERVAL 5 MINUTES) ORDER BY 1
-- session_bad_gap
SELECT count(*) FROM ev GROUP BY session_window(ts, 'abc')
-- session_not_a_time
SELECT count(*) FROM ev GROUP BY session_window(v, '5 minutes')
