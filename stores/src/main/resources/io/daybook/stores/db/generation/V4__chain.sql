-- The version of the hash chain that an event's hash is of; an event that does not say it is of the first.
alter table event add column chain int not null default 1;
