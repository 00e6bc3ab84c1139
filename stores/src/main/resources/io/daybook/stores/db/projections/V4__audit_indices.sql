-- The indices that the audit has made, by the ids that Elasticsearch has given them. An index that is gone, or is another of the
-- same name, had events that the audit lacks; Elasticsearch itself cannot tell that it had them.
create table audit_index (
    name text primary key,
    id   text not null
);
