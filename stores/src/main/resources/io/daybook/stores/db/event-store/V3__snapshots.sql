-- Ledgers as they stood after one of their events, so that they are opened without a replay of their whole journal. A
-- snapshot is brought up to date by writing what has changed. All of it may be deleted: it is made anew from the journal.
create table snapshot (
    ledger   text collate "C" not null primary key,
    sequence bigint           not null, -- of the last event it holds
    format   int              not null, -- of this row and those below; another one than the reader's is not read
    hash     bytea            not null, -- of that event
    opened   bytea            not null  -- as the event that opened the ledger, with its metadata of today
);

create table snapshot_account (
    ledger    text collate "C" not null,
    account   text collate "C" not null,
    positions text             not null, -- asset, balance and held of each asset
    settings  bytea,                     -- as the event that configures an account; null for an account nobody configured
    primary key (ledger, account)
) partition by hash (ledger);

-- A part of each page stays free for new versions of its rows, which then need no new index entries.
create table snapshot_account_p0 partition of snapshot_account for values with (modulus 8, remainder 0) with (fillfactor = 80);
create table snapshot_account_p1 partition of snapshot_account for values with (modulus 8, remainder 1) with (fillfactor = 80);
create table snapshot_account_p2 partition of snapshot_account for values with (modulus 8, remainder 2) with (fillfactor = 80);
create table snapshot_account_p3 partition of snapshot_account for values with (modulus 8, remainder 3) with (fillfactor = 80);
create table snapshot_account_p4 partition of snapshot_account for values with (modulus 8, remainder 4) with (fillfactor = 80);
create table snapshot_account_p5 partition of snapshot_account for values with (modulus 8, remainder 5) with (fillfactor = 80);
create table snapshot_account_p6 partition of snapshot_account for values with (modulus 8, remainder 6) with (fillfactor = 80);
create table snapshot_account_p7 partition of snapshot_account for values with (modulus 8, remainder 7) with (fillfactor = 80);

create table snapshot_hold (
    ledger text collate "C" not null,
    hold   uuid             not null,
    placed bytea            not null, -- as the event that placed it, with what remains
    primary key (ledger, hold)
);
