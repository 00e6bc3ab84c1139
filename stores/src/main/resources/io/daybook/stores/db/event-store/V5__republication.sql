-- The topic of events, filled again from the journal. The publication waits meanwhile.
create table republication (
    singleton boolean primary key default true check (singleton),
    ledger    text collate "C",         -- only the partition that has this one; null for all
    force     boolean     not null default false, -- even if Kafka has events that are not in the journal
    state     text        not null default 'wanted', -- wanted, running, done, failed
    position  bigint      not null default 0, -- up to here all is in Kafka again
    last      bigint      not null default 0, -- up to here it must be; then the publication goes on
    detail    text,       -- why it does not go on, or what came of it
    updated_at timestamptz not null default now()
);
