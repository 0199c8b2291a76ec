-- Of a case's limit, too, it is shown whether it rests on a year whose calendar nobody knows yet.
alter table accountability_limits add column provisional boolean not null default false;
