package io.daybook.query.stream;

import io.daybook.events.EventType;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.query.events.EventView;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Json;
import io.daybook.query.request.Reading;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.store.BooksReplicas;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A ledger's events in the books, with the balances that they led to. */
class LedgerHistory {

    /** The most events that are read at once. */
    static final int PAGE_SIZE = 250;

    /** An account's balance after a transaction is that of its last entry of the asset in it. */
    private static final String EVENTS = """
            select e.sequence, e.id, e.type, e.recorded_at, e.effective_at, e.request_id, e.actor, e.data, e.chain,
                   e.hash,
                   e.data ->> 'id' as transaction, e.data ->> 'reference' as reference,
                   e.data ->> 'reverses' as reverses, e.data ->> 'hold' as hold,
                   e.data -> 'postings' as postings, e.data -> 'metadata' as metadata, after.balances
              from event e
              left join lateral (
                   select json_object_agg(account, balances order by account) as balances
                     from (select account, json_object_agg(asset, balance::text order by asset) as balances
                             from (select distinct on (account, asset) account, asset, entry.balance
                                     from (select posting ->> 'source' as account, posting ->> 'asset' as asset
                                             from json_array_elements(e.data -> 'postings') posting
                                            union
                                           select posting ->> 'destination', posting ->> 'asset'
                                             from json_array_elements(e.data -> 'postings') posting) side
                                     join balance b using (account, asset)
                                     join entry on entry.balance_number = b.number and entry.sequence = e.sequence
                                    where b.ledger = e.ledger
                                    order by account, asset, entry.posting desc) last
                            group by account) of_account
                   ) after on true
             where e.ledger = :ledger and e.sequence > :after and e.sequence <= :position
             order by e.sequence
             limit :rows
            """;

    private final BooksReplicas books;
    private final JsonMapper json;

    LedgerHistory(BooksReplicas books, JsonMapper json) {
        this.books = books;
        this.json = json;
    }

    /** How far a ledger has come, without waiting. */
    Reading<Long> position(LedgerId ledger, Freshness freshness) {
        return books.look(ledger, freshness, (jdbc, position) -> position);
    }

    /**
     * What comes next in a ledger, at most {@value #PAGE_SIZE} events.
     *
     * @param freshness how far the ledger must have come in what is read
     * @throws io.daybook.http.ProblemException {@code projection-behind} or {@code unavailable}
     */
    Seen<List<StreamMessage>> after(LedgerId ledger, long sequence, Freshness freshness) {
        Seen<List<StreamMessage>> next =
                books.read(ledger, freshness, (jdbc, position) -> messages(jdbc, ledger, sequence, position));
        requireNoHole(ledger, sequence, next.value());
        return next;
    }

    private List<StreamMessage> messages(JdbcClient jdbc, LedgerId ledger, long after, long position) {
        return jdbc.sql(EVENTS)
                .param("ledger", ledger.value())
                .param("after", after)
                .param("position", position)
                .param("rows", PAGE_SIZE)
                .query((row, number) -> message(ledger, row, number))
                .list();
    }

    private StreamMessage message(LedgerId ledger, ResultSet row, int number) throws SQLException {
        EventType type = EventType.named(row.getString("type"));
        String kind =
                switch (type) {
                    case TRANSACTION_POSTED, TRANSACTION_REVERSED, HOLD_CAPTURED -> "transaction";
                    case HOLD_PLACED, HOLD_RELEASED -> "hold";
                    case ACCOUNT_CONFIGURED -> "account";
                    case METADATA_CHANGED -> "metadata";
                    case LEDGER_OPENED -> "ledger";
                };
        Object data = kind.equals("transaction") ? transaction(ledger, row) : EventView.of(row, number);
        return StreamMessage.of(row.getLong("sequence"), kind, json.writeValueAsString(data));
    }

    private static StreamedTransaction transaction(LedgerId ledger, ResultSet row) throws SQLException {
        String reverses = row.getString("reverses");
        String hold = row.getString("hold");
        return new StreamedTransaction(
                UUID.fromString(row.getString("transaction")),
                ledger,
                row.getLong("sequence"),
                row.getString("reference"),
                new Json(row.getString("postings")),
                new Json(row.getString("metadata")),
                row.getObject("effective_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                reverses == null ? null : UUID.fromString(reverses),
                hold == null ? null : UUID.fromString(hold),
                row.getString("hash"),
                new Json(row.getString("balances")));
    }

    /** A listener is promised everything, so a gap in what was read must never pass for a pause. */
    private static void requireNoHole(LedgerId ledger, long after, List<StreamMessage> messages) {
        long expected = Math.max(after + 1, RecordedEvent.FIRST_SEQUENCE);
        for (StreamMessage message : messages) {
            if (message.sequence() != expected) {
                throw new IllegalStateException("the books of ledger " + ledger + " have no event " + expected
                        + ", but event " + message.sequence());
            }
            expected++;
        }
    }
}
