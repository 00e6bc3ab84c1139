-- What watches that the stores have all that the journal has.

-- How far it has looked, whichever node does. The journal's heads are looked at as they change, and all ledgers one after the
-- other in rounds.
create table guard (
    singleton  boolean primary key default true check (singleton),
    position   bigint,                         -- in the journal: what came before was in all stores; null before the first look
    ledger     text collate "C" not null default '', -- the last one that the round under way has counted
    began_at   timestamptz,                    -- the round under way, or to come
    round_millis bigint                        -- how long the last full round took; null if there was none yet
);
insert into guard default values;

-- Of each projection, what it found last.
create table guarded (
    projection   text primary key references generation,
    behind       bigint not null default 0,    -- events that the journal has and its store has not
    behind_since timestamptz,                  -- when the first of them was noticed; null if there are none
    healed       bigint not null default 0,    -- how many ledgers were healed, ever
    known        boolean not null default false, -- whether the journal and the store could be asked
    updated_at   timestamptz not null default now()
);
insert into guarded (projection) values ('balances'), ('books'), ('audit');

-- Ledgers of which a live generation lacks something, or has too much.
create table incomplete (
    projection text             not null references generation,
    ledger     text collate "C" not null,
    generation int              not null,
    reason     text             not null,
    state      text             not null default 'found', -- found, healing, healed
    healed     int              not null default 0,       -- how often since it was last counted as complete
    changed_at timestamptz      not null default now(),
    primary key (projection, ledger)
);

alter table projection add column incomplete bigint; -- how many of its ledgers are; null if that is not known
