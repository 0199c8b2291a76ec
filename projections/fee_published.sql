select s.stream_id, s.first_month, s.last_month, s.project_id, s.what, s.position, s.version, s.published_on, s.figures
from fee_statements s
where s.tenant_id = $1 and s.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
