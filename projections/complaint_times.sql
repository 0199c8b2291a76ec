-- How long the rounds of complaints took, by department and the month in which each round began: a row each, latest
-- month first. Of each measure the middle one and the one that nine in ten do not exceed. Filters and grouping are
-- added by the asker.
select r.month, d.department, count(*) as rounds,
       count(*) filter (where r.outcome = 'settled') as settled,
       count(*) filter (where r.outcome = 'unfounded') as unfounded,
       count(*) filter (where r.outcome = 'withdrawn') as withdrawn,
       count(*) filter (where r.outcome = 'open') as open,
       count(*) filter (where r.late) as late,
       count(*) filter (where r.upheld) as upheld,
       count(r.response_s) as responded,
       percentile_disc(0.5) within group (order by r.response_s) as response_median_s,
       percentile_disc(0.9) within group (order by r.response_s) as response_p90_s,
       percentile_disc(0.5) within group (order by r.resolution_s) as resolution_median_s,
       percentile_disc(0.9) within group (order by r.resolution_s) as resolution_p90_s,
       count(r.rating) as rated,
       round(avg(100.0 * r.rating / r.best_rating), 2) as satisfaction_percent
from complaint_rounds r
-- an array for each round, not a join: that would be planned on what is known of young tables, which is nothing
cross join lateral unnest(array(
    select x.department from complaint_departments x
    where x.tenant_id = r.tenant_id and x.build = r.build and x.complaint_id = r.complaint_id
)) d (department)
where r.tenant_id = $1
  and r.build = (select build from projections where tenant_id = $1 and name = 'complaints' and status = 'live')
