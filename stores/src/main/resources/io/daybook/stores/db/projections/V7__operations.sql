-- What operators ask for, and find again by its id: a replay of one or more projections, or of single ledgers in them.
alter table generation
    add column replay       uuid        not null default gen_random_uuid(), -- that which was asked for last
    add column requested_at timestamptz not null default now(),
    add column outcome      text,                             -- swapped, done, failed, discarded; null before its end
    add column comparing    boolean     not null default false, -- with the live one, in a dry run
    add column differences  text[],                           -- what a dry run has found; null if it has not compared
    add column post_rate    double precision not null default 0; -- events a second, over the last seconds

-- The first generation has come of the events by itself.
update generation set outcome = case state when 'kept' then 'swapped' else 'done' end where state is null or state = 'kept';

alter table repair
    add column replay       uuid        not null default gen_random_uuid(),
    add column requested_at timestamptz not null default now(),
    add column post_rate    double precision not null default 0;
create index repair_replay on repair (replay, projection, ledger);
