package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.events.Envelope;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.installation.Stores;
import io.daybook.stores.BooksQueries;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the live generation of the books was posted from. */
final class BooksEventSource extends TableEventSource {

    private BooksEventSource(DatabaseSnapshot database) {
        super(
                database,
                "ledger, sequence, id, type, recorded_at, request_id, actor, chain, hash, convert_to(data::text, 'UTF8') as data");
    }

    @Override
    StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getString("ledger"),
                new Envelope(
                        row.getLong("sequence"),
                        row.getObject("id", UUID.class),
                        row.getTimestamp("recorded_at").toInstant(),
                        row.getString("request_id"),
                        row.getString("actor"),
                        row.getInt("chain"),
                        row.getString("hash")),
                row.getString("type"),
                null,
                row.getBytes("data"));
    }

    static BooksEventSource of(Stores stores) {
        return new BooksEventSource(DatabaseSnapshot.ofBooks(stores));
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange) {
        forEach(ledger, (event, row) -> consumer.accept(event));
    }

    /** What queries are told, in the same transaction as the events. */
    @Override
    public Map<String, Long> positions(@Nullable LedgerId ledger) {
        try (PreparedStatement select =
                database().connection().prepareStatement(BooksQueries.POSITIONS + only(ledger))) {
            bind(select, ledger);
            ResultSet rows = select.executeQuery();
            Map<String, Long> positions = new HashMap<>();
            while (rows.next()) {
                positions.put(rows.getString(1), rows.getLong(2));
            }
            return positions;
        } catch (SQLException e) {
            throw database().failed(e);
        }
    }
}
