-- The ledgers that a generation waits with: an event of theirs could not be posted, and so none after it either. The events
-- are in Kafka and in the event store; here is where each stands, and why.
create table parked (
    projection text             not null references generation,
    generation int              not null,
    ledger     text collate "C" not null,
    sequence   bigint           not null, -- of the first event that is not posted
    last       bigint           not null, -- of the last event that has come
    reason     text             not null,
    since      timestamptz      not null default now(),
    primary key (projection, generation, ledger)
);
