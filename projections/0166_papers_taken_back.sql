-- Which entries of its subject a paper asks for, and those of them that were taken back (projections "documents", "fees").
alter table documents
    add column rests_on text not null default '',
    add column gone text not null default '',
    add column taken_back_on date;
comment on column documents.rests_on is 'Numbers of the subject''s entries, with commas; "gone" are those that were taken back.';
comment on column documents.taken_back_on is 'When the last of them was, so far.';

alter table fee_notices
    add column rests_on text not null default '',
    add column gone text not null default '',
    add column taken_back_on date;
comment on column fee_notices.rests_on is 'As in documents; 0 stands for what was owed before, of which no entry is named.';
