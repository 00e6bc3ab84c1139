-- The trace that the client began whose request led to the event; null if it began none: then the trace follows from the
-- request id. It is beside what the hash is over.
alter table event add column trace uuid;
