-- Transactions and holds share one space of ids.
alter table event rename column transaction_id to entity_id; -- null if it is the event id
alter index event_transaction rename to event_entity;

-- What an event says of an earlier transaction: that it was reversed, or has other metadata now.
alter table event add column subject_id uuid;
create index event_subject on event (ledger, subject_id, type, sequence) where subject_id is not null;

-- When open holds release themselves. Written with the events that place and end holds.
create table hold_deadline (
    ledger     text collate "C" not null,
    hold       uuid             not null,
    expires_at timestamptz      not null,
    primary key (ledger, hold)
);
create index hold_deadline_order on hold_deadline (expires_at);
