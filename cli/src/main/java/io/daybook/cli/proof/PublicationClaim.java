package io.daybook.cli.proof;

import io.daybook.events.LedgerId;
import io.daybook.installation.Stores;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.StoredTokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Everything up to a position of the journal has been published: the publication stores it when Kafka has acknowledged all
 * before.
 *
 * @param position 0 as well while the topic is being filled again, of which nobody says how far each partition is
 * @param republication what is said of that; empty if it never was
 */
record PublicationClaim(long position, String republication) implements Claim {

    private static final String SELECT = """
            select case when state in ('wanted', 'running') then null else token end, token_type,
                   coalesce(republication::text, '')
              from (values (true)) as always (singleton)
              left join (%s) as published on true
              left join republication using (singleton)
            """.formatted(JournalQueries.PUBLISHED);

    static PublicationClaim of(Stores stores) {
        try (DatabaseSnapshot database = DatabaseSnapshot.ofEventStore(stores)) {
            try (Statement statement = database.connection().createStatement()) {
                ResultSet row = statement.executeQuery(SELECT);
                row.next();
                return new PublicationClaim(StoredTokens.position(row.getBytes(1), row.getString(2)), row.getString(3));
            } catch (SQLException e) {
                throw database.failed(e);
            }
        }
    }

    @Override
    public String who() {
        return "the publication";
    }

    @Override
    public long last(LedgerId ledger, long has, JournalEventSource journal) {
        return journal.last(ledger, has, position);
    }

    @Override
    public Object circumstances() {
        return republication;
    }
}
