-- The books: the read model that accounts, statements, transactions and events are served from.
-- Everything here is posted from daybook.events and can be thrown away and posted again.
-- Names and addresses are collated "C": they are ASCII, compared bytewise, and prefix searches can use the keys.

create table ledger (
    ledger       text collate "C" primary key,
    region       text,
    metadata     jsonb       not null,
    opened_at    timestamptz not null,
    sequence     bigint      not null, -- the last event applied: the position of this ledger in these books
    accounts     bigint      not null,
    transactions bigint      not null
);

-- History as it was published; a transaction's postings are in its event.
create table event (
    ledger       text collate "C" not null,
    sequence     bigint           not null,
    id           uuid             not null,
    type         text             not null,
    recorded_at  timestamptz      not null,
    effective_at timestamptz,
    request_id   text             not null,
    actor        text             not null,
    data         json             not null, -- json, not jsonb: the canonical text that the hash is over
    hash         text             not null,
    primary key (ledger, sequence)
);

create table transaction (
    ledger       text collate "C" not null,
    sequence     bigint           not null,
    id           uuid             not null,
    reference    text collate "C",
    effective_at timestamptz      not null,
    metadata     jsonb            not null, -- as it is now; the event has it as it was posted
    primary key (ledger, sequence),
    unique (ledger, id)
);
create unique index transaction_reference on transaction (ledger, reference) where reference is not null;

create table account (
    ledger         text collate "C" not null,
    account        text collate "C" not null,
    overdraft      json             not null,
    limits         json             not null,
    closed         boolean          not null,
    metadata       jsonb            not null,
    first_sequence bigint           not null,
    primary key (ledger, account)
);

-- balance = input − output; what is held is counted apart.
create table balance (
    ledger  text collate "C" not null,
    account text collate "C" not null,
    asset   text collate "C" not null,
    input   numeric          not null, -- all that ever came in
    output  numeric          not null, -- all that ever went out
    primary key (ledger, account, asset)
) with (fillfactor = 70); -- updated all the time: room for heap-only updates

-- One side of a posting: the lines of an account's statement, with the balance after each.
create table entry (
    ledger       text collate "C" not null,
    account      text collate "C" not null,
    sequence     bigint           not null,
    posting      int              not null, -- which posting of the transaction, from 0
    asset        text collate "C" not null,
    amount       numeric          not null, -- negative if it went out
    input        numeric          not null, -- the account's input of the asset after it
    balance      numeric          not null, -- the account's balance of the asset after it; output = input − balance
    transaction  uuid             not null,
    effective_at timestamptz      not null,
    recorded_at  timestamptz      not null,
    primary key (ledger, account, sequence, posting)
);
