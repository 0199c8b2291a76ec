select at, entry_id, actor_kind, actor_id, actor_name, roles, what, noun, stream_id, detail, correlation
from access_log
where tenant_id = $1
