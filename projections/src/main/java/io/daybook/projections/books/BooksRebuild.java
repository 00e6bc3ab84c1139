package io.daybook.projections.books;

import io.daybook.stores.BooksDatabase;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Books that are posted anew aside, as fast as can be: while they are far behind, the tables that grow with every event have
 * no indexes, and what can be told of them at the end is told at the end. Which statements are left to do then is told by
 * table {@code rebuild} in the books themselves, so a process may be killed at any time; once there is no such table, these
 * are books as any.
 */
final class BooksRebuild {

    /** What grows with every event, and is neither read nor changed by a batch. */
    private static final String TABLES = "'event', 'transaction', 'entry', 'turnover_day', 'turnover_hour'";

    private static final List<String> BEGIN = List.of(
            """
            create table rebuild (number int generated always as identity primary key, statement text not null)
            """,
            // Metadata of transactions that was changed: transactions cannot be found by their ids meanwhile.
            """
            create table rebuild_metadata (ledger text, id uuid, sequence bigint, metadata jsonb)
            """,
            """
            insert into rebuild (statement)
            select format('alter table %%I add constraint %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
              from pg_constraint
             where connamespace = current_schema()::regnamespace and contype in ('p', 'u')
               and conrelid::regclass::text in (%s)
            """.formatted(TABLES),
            """
            insert into rebuild (statement)
            select indexdef
              from pg_indexes
             where schemaname = current_schema() and tablename in (%s)
               and indexname not in (select conname from pg_constraint where connamespace = current_schema()::regnamespace)
            """.formatted(TABLES),
            """
            insert into rebuild (statement)
            select format('alter table %%I reset (autovacuum_enabled)', name) from unnest(array[%s]) as name
            """.formatted(TABLES),
            """
            do $$
            declare
                found record;
            begin
                for found in
                    select conrelid::regclass as name, conname from pg_constraint
                     where connamespace = current_schema()::regnamespace and contype in ('p', 'u')
                       and conrelid::regclass::text in (%1$s)
                loop
                    execute format('alter table %%I drop constraint %%I', found.name, found.conname);
                end loop;
                for found in
                    select indexname from pg_indexes where schemaname = current_schema() and tablename in (%1$s)
                loop
                    execute format('drop index %%I', found.indexname);
                end loop;
                -- Nothing is read by statistics meanwhile, and nothing becomes old.
                for found in select unnest(array[%1$s]) as name loop
                    execute format('alter table %%I set (autovacuum_enabled = off)', found.name);
                end loop;
            end $$
            """.formatted(TABLES));

    private static final List<String> RESOURCES = List.of(
            "set local maintenance_work_mem = '256MB'",
            // Indexes are logged as whole pages; to compress them took a quarter of the time. It is not everybody's to
            // say.
            """
            do $$ begin
                perform set_config('wal_compression', 'off', true);
            exception when insufficient_privilege then
                null;
            end $$
            """,
            "set local work_mem = '64MB'");

    /** While it is quick to read all, and nothing has to be kept in order. */
    private static final List<String> BEFORE_INDEXES = List.of(
            // By numbers, and into a table of its own, which several processes may work on.
            """
            create unlogged table rebuild_hour as
            select balance_number, date_bin('1 hour', effective_at, timestamptz '2000-01-01 00:00:00Z') as hour,
                   coalesce(sum(amount) filter (where amount > 0), 0) as input,
                   coalesce(-sum(amount) filter (where amount < 0), 0) as output
              from entry
             group by 1, 2
            """, """
            insert into turnover_hour (ledger, account, hour, asset, input, output)
            select ledger, account, hour, asset, rebuild_hour.input, rebuild_hour.output
              from rebuild_hour
              join balance on number = balance_number
             where balance.unfolded >= %d
            """.formatted(Checkpoints.ENTRIES), """
            insert into turnover_day (ledger, account, day, asset, input, output)
            select ledger, account, (hour at time zone 'UTC')::date, asset, sum(input), sum(output)
              from turnover_hour
             group by 1, 2, 3, 4
            """, """
            update balance
               set folded = ledger.sequence, unfolded = 0
              from ledger
             where balance.ledger = ledger.ledger and balance.unfolded >= %d
            """.formatted(Checkpoints.ENTRIES));

    /** When single transactions can be found. */
    private static final List<String> AFTER_INDEXES = List.of(
            """
            update transaction
               set reversed_by = reversal.id
              from transaction reversal
             where reversal.reverses is not null
               and transaction.ledger = reversal.ledger and transaction.id = reversal.reverses
            """,
            """
            update transaction
               set metadata = now.metadata
              from (select distinct on (ledger, id) ledger, id, metadata
                      from rebuild_metadata
                     order by ledger, id, sequence desc) now
             where transaction.ledger = now.ledger and transaction.id = now.id
            """,
            "drop table rebuild, rebuild_metadata, rebuild_balances, rebuild_hour",
            "analyze event, transaction, entry, turnover_day, turnover_hour");

    private final JdbcTemplate books;
    private final TransactionTemplate transactions;

    BooksRebuild(JdbcTemplate books, TransactionTemplate transactions) {
        this.books = books;
        this.transactions = transactions;
    }

    /** Takes the indexes away if nothing has been posted yet; if something has, they are as they were left. */
    void prepare() {
        aside(() -> {
            books.execute("lock table ledger in exclusive mode");
            boolean isEmpty = books.queryForObject("select not exists (select from ledger)", Boolean.class);
            if (isEmpty && !isBegun()) {
                BEGIN.forEach(books::execute);
            }
            if (isBegun()) {
                books.execute(Unwritten.TABLE);
            }
        });
    }

    private boolean isBegun() {
        return books.queryForObject(
                "select to_regclass(?) is not null", Boolean.class, BooksDatabase.ASIDE + ".rebuild");
    }

    /**
     * Whether the tables have no indexes now, and until the transaction ends; within one on the books aside.
     *
     * @throws org.springframework.dao.DataAccessException if they are made at this moment: the batch comes again
     */
    boolean isUnderWay() {
        boolean isBegun = isBegun();
        if (isBegun) {
            books.execute("lock table rebuild in share mode");
        }
        return isBegun;
    }

    /** Writes what is not written with each batch. */
    void write(Unwritten unwritten) {
        if (!unwritten.isEmpty()) {
            aside(() -> {
                if (isUnderWay()) {
                    unwritten.write();
                }
            });
        }
    }

    /** Builds what is missing, all or nothing; it makes no difference if nothing is. Batches wait meanwhile. */
    void finish() {
        aside(() -> {
            if (isBegun()) {
                books.execute("lock table rebuild in access exclusive mode");
                RESOURCES.forEach(books::execute);
                books.execute(Unwritten.TABLE);
                Unwritten.settleIfBehind(books);
                BEFORE_INDEXES.forEach(books::execute);
                books.queryForList("select statement from rebuild order by number", String.class)
                        .forEach(books::execute);
                AFTER_INDEXES.forEach(books::execute);
            }
        });
    }

    private void aside(Runnable step) {
        transactions.executeWithoutResult(status -> {
            books.execute("set local search_path = " + BooksDatabase.ASIDE_SEARCH_PATH);
            step.run();
        });
    }
}
