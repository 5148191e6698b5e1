-- setup
CREATE OR REPLACE TEMP VIEW c AS SELECT * FROM VALUES (1264, 1.25D, 'a'), (5555, 2.75D, 'b'), (71, 9.5D, 'a') AS t(i, d, s)
-- percentiles
SELECT percentile(i, 0.0) AS p FROM c UNION ALL SELECT percentile(i, 1.0) FROM c UNION ALL SELECT percentile(i, 0.5) FROM c
-- percentile_arrays
SELECT percentile(i, array(0.0, 1.0)) AS p FROM c UNION ALL SELECT percentile(i, array(1.0, 0.0)) FROM c
-- percentiles_within_group
SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY i) AS p FROM c UNION ALL SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY i) FROM c UNION ALL SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY i DESC) FROM c
-- percentiles_by_group
SELECT s, percentile(i, 0.0) AS p FROM c GROUP BY s UNION ALL SELECT s, percentile(i, 1.0) FROM c GROUP BY s
-- percentiles_of_subqueries
SELECT (SELECT percentile(i, 0.0) FROM c) AS a, (SELECT percentile(i, 1.0) FROM c) AS b, (SELECT median(i) FROM c) AS m
-- joined
SELECT a.p, b.p FROM (SELECT percentile(i, 0.0) AS p FROM c) a CROSS JOIN (SELECT percentile(i, 1.0) AS p FROM c) b
-- rounding
SELECT sum(round(i, -1)) AS p FROM c UNION ALL SELECT sum(round(i, -3)) FROM c UNION ALL SELECT sum(floor(i, -1)) FROM c UNION ALL SELECT sum(floor(i, -3)) FROM c
-- rounding_decimals
SELECT sum(round(CAST(i AS DECIMAL(10, 0)), -1)) AS p FROM c UNION ALL SELECT sum(round(CAST(i AS DECIMAL(10, 0)), -2)) FROM c UNION ALL SELECT sum(bround(CAST(i AS DECIMAL(10, 0)), -3)) FROM c
-- sketches
SELECT hex(count_min_sketch(i, 0.5d, 0.5d, 1)) AS p FROM c UNION ALL SELECT hex(count_min_sketch(i, 0.5d, 0.5d, 2)) FROM c UNION ALL SELECT hex(hll_sketch_agg(i, 4)) FROM c UNION ALL SELECT hex(hll_sketch_agg(i, 5)) FROM c
-- texts
SELECT max(lpad(s, 3, 'x')) AS p FROM c UNION ALL SELECT max(lpad(s, 3, 'y')) FROM c UNION ALL SELECT max(regexp_replace(s, 'a', 'z')) FROM c UNION ALL SELECT max(regexp_replace(s, 'b', 'z')) FROM c
-- histograms
SELECT size(histogram_numeric(i, 2)) AS p FROM c UNION ALL SELECT size(histogram_numeric(i, 3)) FROM c
