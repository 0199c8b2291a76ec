-- An endpoint is told apart by its name; so a request that is sent twice makes one of them.
create unique index notice_endpoints_by_name on notice_endpoints (tenant_id, name);
