-- The version of the hash chain that an event's hash is of. What an earlier Daybook writes, which does not know of it, is of
-- the first.
alter table event add column chain smallint not null default 1;
alter table snapshot add column chain smallint not null default 1; -- of the event with its hash

-- A ledger's version never falls. Nobody who writes now would have it fall; an earlier Daybook that still runs would, and
-- what it appended would be told as tampering for ever after.
create function refuse_fallen_chain() returns trigger language plpgsql as $$
begin
    if exists (select from event where ledger = new.ledger and sequence = new.sequence - 1 and chain > new.chain) then
        raise exception 'event % of ledger % is of version % of the hash chain, and the one before it of a later one',
            new.sequence, new.ledger, new.chain
            using hint = 'An earlier version of Daybook still writes here. Stop it.';
    end if;
    return new;
end $$;
create trigger event_chain before insert on event for each row when (new.chain < 2) execute function refuse_fallen_chain();
