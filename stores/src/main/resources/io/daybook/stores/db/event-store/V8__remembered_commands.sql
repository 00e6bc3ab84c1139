-- Commands that came with an idempotency key, were answered with success, and led to no event, as there was nothing to
-- change: so that a repeat of them is known as one. Written in the transaction of the append that the answer waits for.
-- It is beside what the hash is over. Nothing is ever changed here.
create table remembered_command (
    ledger      text collate "C" not null,
    event_id    uuid             not null, -- of the event that it would have led to
    fingerprint text             not null, -- of the request
    sequence    bigint           not null, -- how far the ledger had come when it was answered
    standing_id uuid,                      -- the event that it was answered with; null if none
    type        text,                      -- of what it was answered with otherwise, as the event that would say so
    data        bytea,                     -- that event's JSON
    primary key (ledger, event_id),
    -- Neither, if only part of the request was answered with success: then the key is used, and the rest may be tried again.
    check ((type is null) = (data is null) and (type is null or standing_id is null))
);

-- In the order of an export.
create index remembered_command_order on remembered_command (ledger, sequence, event_id);
