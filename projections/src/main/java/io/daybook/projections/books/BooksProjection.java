package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts to PostgreSQL. A batch is one transaction, that of the processor's unit of work: the events, what follows from
 * them, and how far each ledger has come are there together or not at all.
 */
final class BooksProjection implements Projection {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcTemplate books;

    BooksProjection(JdbcTemplate books) {
        this.books = books;
    }

    @Override
    public String name() {
        return "books";
    }

    @Override
    public void apply(List<PublishedEvent> events) {
        List<PublishedEvent> unseen = Positions.newOf(events, positions(Positions.ledgersOf(events)));
        if (unseen.isEmpty()) {
            return;
        }
        Map<BalanceKey, Turnover> turnovers = turnovers(unseen);
        Batch batch = new Batch(turnovers);
        unseen.forEach(batch::add);
        batch.write(books);
    }

    /** The ledgers' rows stay locked until the commit, so that nobody else posts to them meanwhile. */
    private Map<LedgerId, Long> positions(Set<LedgerId> ledgers) {
        Map<LedgerId, Long> positions = new HashMap<>();
        ArrayRows names = new ArrayRows("text");
        new TreeMap<>(ledgers.stream().collect(java.util.stream.Collectors.toMap(l -> l, l -> l)))
                .keySet()
                .forEach(ledger -> names.add(ledger.value()));
        books.query(
                connection -> names.bind(
                        connection,
                        "select ledger, sequence from ledger where ledger = any (?) order by ledger for update"),
                row -> {
                    positions.put(new LedgerId(row.getString("ledger")), row.getLong("sequence"));
                });
        return positions;
    }

    private Map<BalanceKey, Turnover> turnovers(List<PublishedEvent> events) {
        Map<BalanceKey, Turnover> turnovers = new LinkedHashMap<>();
        for (PublishedEvent event : events) {
            if (event.event() instanceof TransactionPosted posted) {
                for (Posting posting : posted.postings()) {
                    turnovers.put(new BalanceKey(event.ledger(), posting.source(), posting.asset()), Turnover.NONE);
                    turnovers.put(
                            new BalanceKey(event.ledger(), posting.destination(), posting.asset()), Turnover.NONE);
                }
            }
        }
        ArrayRows keys = new ArrayRows("text", "text", "text");
        turnovers
                .keySet()
                .forEach(key -> keys.add(
                        key.ledger().value(), key.account().value(), key.asset().name()));
        if (keys.isEmpty()) {
            return turnovers;
        }
        books.query(connection -> keys.bind(connection, """
                        select ledger, account, asset, input, output
                          from balance
                          join unnest(?::text[], ?::text[], ?::text[]) as key (ledger, account, asset)
                         using (ledger, account, asset)
                        """), row -> {
            turnovers.put(
                    new BalanceKey(
                            new LedgerId(row.getString("ledger")),
                            new AccountAddress(row.getString("account")),
                            new Asset(row.getString("asset"))),
                    new Turnover(integer(row.getBigDecimal("input")), integer(row.getBigDecimal("output"))));
        });
        return turnovers;
    }

    private static BigInteger integer(BigDecimal number) {
        return number.toBigIntegerExact();
    }

    /** What a batch of events writes, table by table. */
    private static final class Batch {

        private final Map<BalanceKey, Turnover> turnovers;
        private final ArrayRows events = new ArrayRows(
                "text", "bigint", "uuid", "text", "timestamptz", "timestamptz", "text", "text", "text", "text");
        private final ArrayRows transactions = new ArrayRows("text", "bigint", "uuid", "text", "timestamptz", "text");
        private final ArrayRows entries = new ArrayRows(
                "text",
                "text",
                "bigint",
                "int",
                "text",
                "numeric",
                "numeric",
                "numeric",
                "uuid",
                "timestamptz",
                "timestamptz");
        private final Map<LedgerId, Map<AccountAddress, Long>> touched = new LinkedHashMap<>();
        private final Map<LedgerId, Map<AccountAddress, AccountConfigured>> configured = new LinkedHashMap<>();
        private final ArrayRows opened = new ArrayRows("text", "text", "text", "timestamptz");
        private final Map<LedgerId, Long> reached = new LinkedHashMap<>();
        private final Map<LedgerId, Long> transactionCounts = new HashMap<>();

        Batch(Map<BalanceKey, Turnover> turnovers) {
            this.turnovers = turnovers;
        }

        void add(PublishedEvent event) {
            reached.put(event.ledger(), event.sequence());
            switch (event.event()) {
                case LedgerOpened ledger -> {
                    addEvent(event, null);
                    opened.add(
                            event.ledger().value(),
                            ledger.region(),
                            JSON.writeValueAsString(ledger.metadata()),
                            event.recorded().recordedAt().toString());
                    touch(event, AccountAddress.WORLD);
                }
                case AccountConfigured account -> {
                    addEvent(event, null);
                    touch(event, account.account());
                    configured
                            .computeIfAbsent(event.ledger(), l -> new LinkedHashMap<>())
                            .put(account.account(), account);
                }
                case TransactionPosted posted -> {
                    addEvent(event, posted.effectiveAt().toString());
                    addTransaction(event, posted);
                }
                default -> addEvent(event, null);
            }
        }

        private void addEvent(PublishedEvent event, @org.jspecify.annotations.Nullable String effectiveAt) {
            events.add(
                    event.ledger().value(),
                    event.sequence(),
                    event.recorded().id(),
                    event.type().eventName(),
                    event.recorded().recordedAt().toString(),
                    effectiveAt,
                    event.recorded().requestId(),
                    event.recorded().actor(),
                    event.data(),
                    event.recorded().hash());
        }

        private void addTransaction(PublishedEvent event, TransactionPosted posted) {
            transactionCounts.merge(event.ledger(), 1L, Long::sum);
            transactions.add(
                    event.ledger().value(),
                    event.sequence(),
                    posted.id(),
                    posted.reference(),
                    posted.effectiveAt().toString(),
                    JSON.writeValueAsString(posted.metadata()));
            for (int i = 0; i < posted.postings().size(); i++) {
                Posting posting = posted.postings().get(i);
                touch(event, posting.source());
                touch(event, posting.destination());
                Turnover source = turnovers.merge(
                        new BalanceKey(event.ledger(), posting.source(), posting.asset()),
                        Turnover.NONE.out(posting.amount()),
                        Batch::sum);
                Turnover destination = turnovers.merge(
                        new BalanceKey(event.ledger(), posting.destination(), posting.asset()),
                        Turnover.NONE.in(posting.amount()),
                        Batch::sum);
                addEntry(
                        event,
                        posted,
                        i,
                        posting.source(),
                        posting.amount().negated().toBigInteger(),
                        source);
                addEntry(
                        event,
                        posted,
                        i,
                        posting.destination(),
                        posting.amount().toBigInteger(),
                        destination);
            }
        }

        private static Turnover sum(Turnover a, Turnover b) {
            return new Turnover(a.input().add(b.input()), a.output().add(b.output()));
        }

        private void addEntry(
                PublishedEvent event,
                TransactionPosted posted,
                int index,
                AccountAddress account,
                BigInteger amount,
                Turnover after) {
            entries.add(
                    event.ledger().value(),
                    account.value(),
                    event.sequence(),
                    index,
                    posted.postings().get(index).asset().name(),
                    new BigDecimal(amount),
                    new BigDecimal(after.input()),
                    new BigDecimal(after.balance()),
                    posted.id(),
                    posted.effectiveAt().toString(),
                    event.recorded().recordedAt().toString());
        }

        private void touch(PublishedEvent event, AccountAddress account) {
            touched.computeIfAbsent(event.ledger(), l -> new LinkedHashMap<>()).putIfAbsent(account, event.sequence());
        }

        void write(JdbcTemplate books) {
            events.update(books, """
                    insert into event (ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data, hash)
                    select ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data::json, hash
                      from unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                                  ?::text[], ?::text[], ?::text[], ?::text[])
                           as row (ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data, hash)
                    """);
            transactions.update(books, """
                    insert into transaction (ledger, sequence, id, reference, effective_at, metadata)
                    select ledger, sequence, id, reference, effective_at, metadata::jsonb
                      from unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[])
                           as row (ledger, sequence, id, reference, effective_at, metadata)
                    """);
            entries.update(books, """
                    insert into entry (ledger, account, sequence, posting, asset, amount, input, balance, transaction,
                                       effective_at, recorded_at)
                    select *
                      from unnest(?::text[], ?::text[], ?::bigint[], ?::int[], ?::text[], ?::numeric[], ?::numeric[],
                                  ?::numeric[], ?::uuid[], ?::timestamptz[], ?::timestamptz[])
                    """);
            writeBalances(books);
            opened.update(books, """
                    insert into ledger (ledger, region, metadata, opened_at, sequence, accounts, transactions)
                    select ledger, region, metadata::jsonb, opened_at, 0, 0, 0
                      from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])
                           as row (ledger, region, metadata, opened_at)
                    """);
            writeLedgers(books, writeAccounts(books));
        }

        private void writeBalances(JdbcTemplate books) {
            ArrayRows rows = new ArrayRows("text", "text", "text", "numeric", "numeric");
            turnovers.forEach((key, turnover) -> rows.add(
                    key.ledger().value(),
                    key.account().value(),
                    key.asset().name(),
                    new BigDecimal(turnover.input()),
                    new BigDecimal(turnover.output())));
            rows.update(books, """
                    insert into balance (ledger, account, asset, input, output)
                    select * from unnest(?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[])
                    on conflict (ledger, account, asset)
                    do update set input = excluded.input, output = excluded.output
                    """);
        }

        /** Makes the accounts that were touched first, and sets what was configured; how many are new, by ledger. */
        private Map<LedgerId, Long> writeAccounts(JdbcTemplate books) {
            ArrayRows rows = new ArrayRows("text", "text", "bigint");
            touched.forEach((ledger, accounts) ->
                    accounts.forEach((account, sequence) -> rows.add(ledger.value(), account.value(), sequence)));
            Map<LedgerId, Long> made = new HashMap<>();
            if (!rows.isEmpty()) {
                books.query(connection -> rows.bind(connection, """
                                insert into account (ledger, account, overdraft, limits, closed, metadata, first_sequence)
                                select ledger, account,
                                       case account when 'world' then '"unlimited"'::json else '{}'::json end,
                                       '{}', false, '{}', first_sequence
                                  from unnest(?::text[], ?::text[], ?::bigint[]) as row (ledger, account, first_sequence)
                                on conflict (ledger, account) do nothing
                                returning ledger
                                """), row -> {
                    made.merge(new LedgerId(row.getString("ledger")), 1L, Long::sum);
                });
            }
            ArrayRows settings = new ArrayRows("text", "text", "text", "text", "boolean", "text");
            configured.forEach((ledger, accounts) -> accounts.forEach((address, account) -> settings.add(
                    ledger.value(),
                    address.value(),
                    JSON.writeValueAsString(account.overdraft()),
                    JSON.writeValueAsString(account.limits()),
                    account.closed(),
                    JSON.writeValueAsString(account.metadata()))));
            settings.update(books, """
                    update account
                       set overdraft = row.overdraft::json, limits = row.limits::json, closed = row.closed,
                           metadata = row.metadata::jsonb
                      from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[])
                           as row (ledger, account, overdraft, limits, closed, metadata)
                     where account.ledger = row.ledger and account.account = row.account
                    """);
            return made;
        }

        private void writeLedgers(JdbcTemplate books, Map<LedgerId, Long> accountsMade) {
            ArrayRows rows = new ArrayRows("text", "bigint", "bigint", "bigint");
            reached.forEach((ledger, sequence) -> rows.add(
                    ledger.value(),
                    sequence,
                    accountsMade.getOrDefault(ledger, 0L),
                    transactionCounts.getOrDefault(ledger, 0L)));
            rows.update(books, """
                    update ledger
                       set sequence = row.sequence, accounts = ledger.accounts + row.accounts,
                           transactions = ledger.transactions + row.transactions
                      from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                           as row (ledger, sequence, accounts, transactions)
                     where ledger.ledger = row.ledger
                    """);
        }
    }
}
