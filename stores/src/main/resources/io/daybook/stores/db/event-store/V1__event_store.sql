-- The journal: the only place where the truth is. Everything else in Daybook can be rebuilt from this table.

-- Where the journal ends. Appending takes this row's lock until commit, so positions become visible in their order and
-- without gaps: a reader that has seen position n has seen everything up to n.
create table journal_head (
    singleton boolean primary key default true check (singleton),
    position  bigint not null
);
insert into journal_head (position) values (0);

create table event (
    position       bigint           not null, -- place in the whole journal, from 1
    ledger         text collate "C" not null,
    sequence       bigint           not null, -- place in the ledger's journal, from 1, without gaps
    event_id       uuid             not null, -- derived from the idempotency key or the transaction's id, if there is one
    type           text             not null,
    recorded_at    timestamptz      not null,
    request_id     text             not null,
    actor          text             not null,
    fingerprint    text,                      -- of the request, if it had an idempotency key
    transaction_id uuid,                      -- null if it is the event id
    reference      text collate "C",
    data           bytea            not null, -- canonical JSON
    hash           bytea            not null,
    -- The fence: a second writer of the same ledger fails here and does no harm.
    primary key (ledger, sequence),
    -- A retry after any crash is a duplicate key, not a second payment.
    unique (ledger, event_id)
) partition by hash (ledger);

create table event_p0 partition of event for values with (modulus 8, remainder 0);
create table event_p1 partition of event for values with (modulus 8, remainder 1);
create table event_p2 partition of event for values with (modulus 8, remainder 2);
create table event_p3 partition of event for values with (modulus 8, remainder 3);
create table event_p4 partition of event for values with (modulus 8, remainder 4);
create table event_p5 partition of event for values with (modulus 8, remainder 5);
create table event_p6 partition of event for values with (modulus 8, remainder 6);
create table event_p7 partition of event for values with (modulus 8, remainder 7);

create index event_position on event (position);
create unique index event_transaction on event (ledger, transaction_id) where transaction_id is not null;
create unique index event_reference on event (ledger, reference) where reference is not null;

-- Where the publication to Kafka has come to (the columns are Axon's JdbcTokenStore's).
create table token_entry (
    processor_name text not null,
    segment        int  not null,
    token          bytea,
    token_type     text,
    timestamp      text,
    owner          text,
    primary key (processor_name, segment)
);
