-- What all generations of the books share. It is found without its schema's name, and so are the live books.
do $$
begin
    execute format('alter database %I set search_path = books, projections', current_database());
end $$;

-- How far each projection has read in Kafka (the columns are Axon's JdbcTokenStore's). It is where reading goes on; what has
-- been applied is told by each store's own positions.
create table token_entry (
    processor_name text not null,
    segment        int  not null,
    token          bytea,
    token_type     text,
    timestamp      text,
    owner          text,
    primary key (processor_name, segment)
);

-- What each projection tells of itself, here because every query node can read it.
create table projection (
    name       text primary key,
    generation int              not null,
    state      text             not null, -- starting, running, replaying, stopped
    lag_events bigint           not null,
    lag_millis bigint           not null,
    rate       double precision not null, -- events a second, over the last seconds
    parked     bigint           not null,
    detail     text,                      -- why it is stopped
    updated_at timestamptz      not null
);

-- Of each projection, the generation that queries are answered from, and the one aside. Who posts to either shares the row
-- until the batch is committed; who exchanges them locks it.
create table generation (
    projection text primary key,
    live       int         not null default 1,
    aside      int,
    state      text,        -- of the one aside: building, paused, kept; null if there is none
    dry_run    boolean     not null default false,
    wanted     text,        -- what somebody has asked for: replay, dry-run, pause, resume, rollback, discard
    events     bigint      not null default 0, -- how many the one aside has to post altogether
    behind     bigint      not null default 0, -- how many of them are left
    detail     text,        -- what came of the last thing that was asked for
    updated_at timestamptz not null default now()
);
insert into generation (projection) values ('balances'), ('books'), ('audit');

-- Before there were generations, all this was in the public schema. The books are posted anew from Kafka.
drop table if exists public.ledger, public.event, public.transaction, public.account, public.balance, public.entry,
                     public.projection, public.token_entry, public.hold, public.held, public.account_metadata,
                     public.turnover_day, public.turnover_hour, public.flyway_schema_history;
