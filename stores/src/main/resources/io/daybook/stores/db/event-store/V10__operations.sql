-- What operators ask for is found again by its id. It may be paused: the publication waits then, unless it had not begun.
alter table republication
    add column id           uuid        not null default gen_random_uuid(),
    add column requested_at timestamptz not null default now(),
    add column rate         double precision not null default 0; -- events a second, since it went on last
