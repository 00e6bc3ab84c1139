-- Holds, reversals and metadata; and what makes the books at an effective time, or as of a sequence, quick to tell.

alter table transaction
    add column reverses    uuid,  -- the transaction that this one undoes
    add column reversed_by uuid,  -- the transaction that undid this one
    add column hold        uuid;  -- the hold that the money was taken from

alter table balance
    add column held    numeric not null default 0, -- set aside by holds
    add column held_at timestamptz;                -- of the last line in "held"

create table hold (
    ledger      text collate "C" not null,
    id          uuid             not null,
    sequence    bigint           not null, -- of the event that placed it
    source      text collate "C" not null,
    destination text collate "C",          -- where captures go unless they say otherwise
    asset       text collate "C" not null,
    amount      numeric          not null,
    captured    numeric          not null,
    remaining   numeric          not null, -- what can still be captured; amount − captured − remaining was given back
    state       text collate "C" not null, -- open, captured, voided, expired
    expires_at  timestamptz,
    metadata    jsonb            not null,
    placed_at   timestamptz      not null,
    changed     bigint           not null, -- the sequence of the last event of this hold
    primary key (ledger, id)
);
create unique index hold_in_order on hold (ledger, sequence);
create index hold_by_state on hold (ledger, state, sequence);

-- What was held of an account after each event that changed it.
create table held (
    ledger      text collate "C" not null,
    account     text collate "C" not null,
    asset       text collate "C" not null,
    sequence    bigint           not null,
    held        numeric          not null,
    recorded_at timestamptz      not null, -- never before that of the line before, whatever the clock did
    primary key (ledger, account, asset, sequence)
);
create unique index held_by_time on held (ledger, account, asset, recorded_at, sequence);

-- An account's metadata after each event that changed it.
create table account_metadata (
    ledger   text collate "C" not null,
    account  text collate "C" not null,
    sequence bigint           not null,
    metadata jsonb            not null,
    primary key (ledger, account, sequence)
);

-- Checkpoints: what came in and went out in each day and each hour of effective time, in UTC. A backdated entry is added to
-- its own day and hour, and no other changes.
create table turnover_day (
    ledger  text collate "C" not null,
    account text collate "C" not null,
    day     date             not null,
    asset   text collate "C" not null,
    input   numeric          not null,
    output  numeric          not null,
    primary key (ledger, account, day, asset)
) with (fillfactor = 80); -- the present one is updated all the time: room for heap-only updates

create table turnover_hour (
    ledger  text collate "C" not null,
    account text collate "C" not null,
    hour    timestamptz      not null,
    asset   text collate "C" not null,
    input   numeric          not null,
    output  numeric          not null,
    primary key (ledger, account, hour, asset)
) with (fillfactor = 80);

-- The last entry of an asset at or before a sequence, and statements of one asset.
create unique index entry_of_asset on entry (ledger, account, asset, sequence, posting);
-- The entries of a part of an hour, statements and transactions of a span of effective time.
create index entry_by_effective_time on entry (ledger, account, effective_at);

create index transaction_by_effective_time on transaction (ledger, effective_at, sequence);

-- Most things have no metadata, and no place in these: queries say "metadata <> '{}'" to be served from them.
create index transaction_by_metadata on transaction using gin (metadata jsonb_path_ops) where metadata <> '{}';
create index account_by_metadata on account using gin (metadata jsonb_path_ops) where metadata <> '{}';
create index ledger_by_metadata on ledger using gin (metadata jsonb_path_ops) where metadata <> '{}';
