-- Snapshots by parts that are only ever added to, instead of by a row for each account: with a million accounts, bringing
-- those rows up to date took more of the server than the journal did. Snapshots are made anew from the journal.
drop table snapshot_account;
drop table snapshot_hold;
delete from snapshot;

alter table snapshot add column merged int not null; -- how many accounts and holds the merged parts tell of
alter table snapshot add column added  int not null; -- how many entries the parts since have

-- What a later part says of an account or a hold replaces what earlier ones say. Now and then all are merged.
create table snapshot_part (
    ledger   text collate "C" not null,
    sequence bigint           not null, -- of the last event it holds
    part     int              not null,
    data     bytea            not null, -- deflated
    primary key (ledger, sequence, part)
);
alter table snapshot_part alter column data set storage external; -- it cannot be compressed further
