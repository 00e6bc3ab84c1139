package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.installation.Stores;
import io.daybook.messages.LedgerEventJson;
import io.daybook.stores.JournalKeys;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.JournalRows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The event store. Its rows have more than the hash is over: places in the journal, and keys that events are found by. They
 * are compared with what the events say, and with each other.
 */
final class JournalEventSource extends TableEventSource {

    private JournalEventSource(DatabaseSnapshot database) {
        super(database, JournalRows.COLUMNS + ", entity_id, subject_id, reference");
    }

    @Override
    StoredEvent event(ResultSet row) throws SQLException {
        return JournalRows.event(row);
    }

    static JournalEventSource of(Stores stores) {
        return new JournalEventSource(DatabaseSnapshot.ofEventStore(stores));
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange) {
        Positions positions = new Positions(end(), strange);
        forEach(ledger, (event, row) -> {
            consumer.accept(event);
            positions.take(event, JournalRows.position(row));
            requireSame(
                    event,
                    new JournalKeys(
                            row.getObject("entity_id", UUID.class),
                            row.getObject("subject_id", UUID.class),
                            row.getString("reference")),
                    strange);
        });
        if (ledger == null) {
            positions.requireAll();
        }
    }

    /** What this version cannot read it cannot compare either; if it was edited, its chain tells. */
    private void requireSame(StoredEvent event, JournalKeys stored, Consumer<Finding> strange) {
        JournalKeys said;
        try {
            said = JournalKeys.of(event.id(), LedgerEventJson.read(event.type(), event.data()));
        } catch (RuntimeException e) {
            return;
        }
        requireSame(event, "transaction or hold", said.entityId(), stored.entityId(), strange);
        requireSame(event, "earlier transaction", said.subjectId(), stored.subjectId(), strange);
        requireSame(event, "reference", said.reference(), stored.reference(), strange);
    }

    private void requireSame(
            StoredEvent event, String key, @Nullable Object said, @Nullable Object stored, Consumer<Finding> strange) {
        if (!Objects.equals(said, stored)) {
            strange.accept(Finding.of(
                    event.ledger(),
                    "event " + event.sequence() + " in " + title() + " is found by " + key + " " + named(stored)
                            + ", and its data say " + named(said)));
        }
    }

    private static String named(@Nullable Object key) {
        return key == null ? "none" : "'" + key + "'";
    }

    /** Places in the whole journal: from 1, without gaps, and in each ledger in the order of its events. */
    private final class Positions {

        private final long end;
        private final Consumer<Finding> strange;
        private String ledger = "";
        private long before;
        private long count;

        Positions(long end, Consumer<Finding> strange) {
            this.end = end;
            this.strange = strange;
        }

        void take(StoredEvent event, long position) {
            count++;
            if (!event.ledger().equals(ledger)) {
                ledger = event.ledger();
                before = 0;
            }
            if (position <= before || position > end) {
                strange.accept(Finding.of(
                        ledger,
                        "event " + event.sequence() + " in " + title() + " has the position " + position
                                + " in the journal, and should have one after " + before + " and up to " + end));
            }
            before = position;
        }

        void requireAll() {
            if (count != end) {
                strange.accept(new Finding(
                        null,
                        "the journal in " + title() + " ends at position " + end + ", and has " + count + " events"));
            }
        }
    }

    /** How many commands are remembered that led to no event; those that cannot be are told. */
    @Override
    public long remembered(@Nullable LedgerId ledger, Consumer<Finding> strange) {
        String of = ledger == null ? "" : " where c.ledger = ?";
        Object[] parameters = ledger == null ? new Object[0] : new Object[] {ledger.value()};
        try (PreparedStatement select = database().connection().prepareStatement("""
                select c.ledger, count(*) as commands,
                       count(*) filter (where not exists (
                           select from event e where e.ledger = c.ledger and e.sequence = c.sequence)
                             or c.standing_id is not null and not exists (
                           select from event e where e.ledger = c.ledger and e.event_id = c.standing_id)) as lost
                  from remembered_command c""" + of + " group by c.ledger")) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            long commands = 0;
            for (ResultSet row = select.executeQuery(); row.next(); ) {
                commands += row.getLong("commands");
                if (row.getLong("lost") > 0) {
                    strange.accept(Finding.of(
                            row.getString("ledger"),
                            row.getLong("lost") + " commands are remembered in " + title()
                                    + " as answered with or after events that are not there"));
                }
            }
            return commands;
        } catch (SQLException e) {
            throw database().failed(e);
        }
    }

    private long end() {
        return ask(JournalQueries.END);
    }

    /** The last event of a ledger up to a position, if it is after {@code sequence}; else {@code sequence}. */
    long last(LedgerId ledger, long sequence, long position) {
        return Math.max(
                sequence,
                ask(
                        "select max(sequence) from event where ledger = ? and sequence > ? and position <= ?",
                        ledger.value(),
                        sequence,
                        position));
    }

    /** The place of an event in the journal; 0 if it has no such event. */
    long position(StoredEvent event) {
        return ask(JournalQueries.POSITION_OF_EVENT, event.ledger(), event.sequence(), event.hash());
    }

    /** A number; 0 if there is none. */
    private long ask(String question, Object... parameters) {
        try (PreparedStatement select = database().connection().prepareStatement(question)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            ResultSet answer = select.executeQuery();
            return answer.next() ? answer.getLong(1) : 0;
        } catch (SQLException e) {
            throw database().failed(e);
        }
    }
}
