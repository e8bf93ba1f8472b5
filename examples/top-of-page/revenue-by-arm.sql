-- What each arm of the experiment showed, what was chosen, and what it earned.
-- `result` has one row for each value recorded, by name.
SELECT
  d.arm,
  count(*) AS pages,
  count(c.case_id) AS choices,
  round(coalesce(sum(r.value), 0), 2) AS revenue_eur
FROM decision AS d
LEFT JOIN choice AS c ON c.case_id = d.case_id
LEFT JOIN result AS r ON r.case_id = d.case_id AND r.name = 'revenue'
GROUP BY d.arm
ORDER BY d.arm;
