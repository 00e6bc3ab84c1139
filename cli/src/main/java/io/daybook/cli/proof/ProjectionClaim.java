package io.daybook.cli.proof;

import io.daybook.events.LedgerId;
import io.daybook.installation.Stores;
import io.daybook.messages.EventsInKafka;
import io.daybook.stores.StoredTokens;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything up to an offset of each partition of the topic has been posted, but for what is parked: a projection stores its
 * token with what it writes, or after it. Which part of the journal that is, the message at the offset tells: a partition has
 * events in the order of the journal.
 */
final class ProjectionClaim implements Claim {

    private final Stores stores;
    private final int generation;
    private final @Nullable String topicId;
    private final Map<Integer, Long> offsets;
    private final Map<String, Long> parked;

    /** By partition, in the journal; asked for when something is missing for the first time. */
    private @Nullable Map<Integer, Long> positions;

    private int partitions;

    private ProjectionClaim(
            Stores stores,
            int generation,
            @Nullable String topicId,
            Map<Integer, Long> offsets,
            Map<String, Long> parked) {
        this.stores = stores;
        this.generation = generation;
        this.topicId = topicId;
        this.offsets = offsets;
        this.parked = parked;
    }

    static ProjectionClaim of(Stores stores, String projection) {
        try (DatabaseSnapshot database = DatabaseSnapshot.ofBooks(stores)) {
            return of(stores, database, projection);
        }
    }

    private static ProjectionClaim of(Stores stores, DatabaseSnapshot database, String projection) {
        try (PreparedStatement ofProjection = database.connection().prepareStatement("""
                        select live, topic, token, token_type
                          from generation
                          left join topic_read on topic_read.processor_name = projection
                          left join token_entry on token_entry.processor_name = projection and segment = 0
                         where projection = ?
                        """);
                PreparedStatement ofLedgers = database.connection()
                        .prepareStatement(
                                "select ledger, sequence from parked where projection = ? and generation = ?")) {
            ofProjection.setString(1, projection);
            ResultSet row = ofProjection.executeQuery();
            row.next();
            int generation = row.getInt("live");
            ofLedgers.setString(1, projection);
            ofLedgers.setInt(2, generation);
            ResultSet ledgers = ofLedgers.executeQuery();
            Map<String, Long> parked = new HashMap<>();
            while (ledgers.next()) {
                parked.put(ledgers.getString(1), ledgers.getLong(2));
            }
            return new ProjectionClaim(
                    stores,
                    generation,
                    row.getString("topic"),
                    StoredTokens.offsets(row.getBytes("token"), row.getString("token_type")),
                    parked);
        } catch (SQLException e) {
            throw database.failed(e);
        }
    }

    @Override
    public String who() {
        return "the projection";
    }

    @Override
    public long last(LedgerId ledger, long has, JournalEventSource journal) {
        long waiting = parked.getOrDefault(ledger.value(), Long.MAX_VALUE);
        if (waiting <= has + 1) {
            return has;
        }
        return Math.min(journal.last(ledger, has, position(ledger, journal)), waiting - 1);
    }

    private long position(LedgerId ledger, JournalEventSource journal) {
        if (positions == null) {
            try (TopicEventSource topic = TopicEventSource.of(stores)) {
                partitions = topic.partitions();
                positions = positions(topic, journal);
            }
        }
        return partitions == 0 ? 0 : positions.getOrDefault(EventsInKafka.partition(ledger, partitions), 0L);
    }

    /** Offsets of a topic that is not there any more say nothing of the one that is. */
    private Map<Integer, Long> positions(TopicEventSource topic, JournalEventSource journal) {
        Map<Integer, Long> found = new HashMap<>();
        if (topic.partitions() > 0 && topic.id().equals(topicId)) {
            offsets.forEach((partition, offset) -> topic.upTo(partition, offset).stream()
                    .mapToLong(journal::position)
                    .filter(position -> position > 0)
                    .findFirst()
                    .ifPresent(position -> found.put(partition, position)));
        }
        return found;
    }

    @Override
    public Object circumstances() {
        return generation;
    }
}
