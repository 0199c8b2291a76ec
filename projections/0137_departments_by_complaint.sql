-- Departments are only ever looked up by their complaint, for which the primary key serves; on a table that has no
-- statistics yet this index was taken in its place, and read all of a tenant's rows each time.
drop index complaints_of_department;
