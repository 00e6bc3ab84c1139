-- Ledgers that are posted anew in a live generation, while the projection goes on for the others: a ledger is parked until
-- its repair has come as far as the projection.
create table repair (
    projection    text             not null references generation,
    ledger        text collate "C" not null,
    source        text             not null, -- of the events: kafka, store
    from_sequence bigint           not null default 1,
    state         text             not null default 'wanted', -- wanted, running, paused, failed, done
    reached       bigint           not null default 0, -- the last sequence that is posted anew
    events        bigint           not null default 0, -- how many there are to read
    behind        bigint           not null default 0, -- how many of them are left
    detail        text,            -- why it does not go on, or what came of it
    updated_at    timestamptz      not null default now(),
    primary key (projection, ledger)
);

alter table generation
    add column source          text not null default 'kafka', -- from where the one aside is posted: kafka, store
    add column parallel        int  not null default 1,       -- by how many threads
    add column wanted_source   text not null default 'kafka', -- with what is wanted, if that is a replay
    add column wanted_parallel int  not null default 1;

-- The topic that the tokens of a processor are of: Kafka's id of it, as one that is deleted and made anew has another.
create table topic_read (
    processor_name text primary key,
    topic          text not null
);
