-- How many postings a ledger's transactions have, so that its entries can be counted against them: there are two of each.
alter table ledger add column postings bigint not null default 0;
update ledger
   set postings = counted.postings
  from (select ledger, sum(json_array_length(data -> 'postings')) as postings
          from event
         where data -> 'postings' is not null
         group by ledger) counted
 where ledger.ledger = counted.ledger;
