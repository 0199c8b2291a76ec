-- A build that has been replaced is retired until its rows are deleted, so that an interrupted deletion is found again.
alter table projections drop constraint projections_status_check;
alter table projections add constraint projections_status_check check (status in ('live', 'building', 'retired'));
comment on table projections is 'Each build of each read model and how far it has come; readers see the live one. A retired build''s rows are on their way out.';
