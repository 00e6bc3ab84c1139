-- The form in which a generation is posted: how its keys, documents or rows are named, and what is in them. It keeps the one that
-- it was begun with until it is dropped, whichever version of Daybook posts to it.
alter table generation
    add column format        int     not null default 1,     -- that in which the newest version of Daybook begins one
    add column live_format   int,                            -- of the live one; null if nothing was ever posted to it
    add column aside_format  int,                            -- of the one aside
    add column rebuild_asked boolean not null default false; -- whether a rebuild to the format above was asked for by itself

update generation
   set live_format = 1
 where exists (select from token_entry where processor_name = projection)
    or exists (select from topic_read where processor_name = projection);
update generation set aside_format = 1 where aside is not null;
