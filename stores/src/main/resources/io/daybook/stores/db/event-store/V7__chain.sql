-- The version of the hash chain that an event's hash is of. What an earlier Daybook writes, which does not know of it, is of
-- the first.
alter table event add column chain smallint not null default 1;
alter table snapshot add column chain smallint not null default 1; -- of the event with its hash
