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
