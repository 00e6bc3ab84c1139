-- Ledgers whose history is being imported: nothing else is recorded in them until that is complete or given up. What has no
-- row is complete. Written in the transaction of the append, under the lock of the journal's head.
create table running_import (
    ledger   text collate "C" not null primary key,
    begun_at timestamptz      not null default now()
);

-- How many they are: whoever appends takes this row's lock anyhow, and so learns whether there is anything to look up.
alter table journal_head add column imports int not null default 0;
