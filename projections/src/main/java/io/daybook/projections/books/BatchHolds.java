package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The holds that a batch places, captures and releases. */
final class BatchHolds {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Key(LedgerId ledger, UUID id) {}

    /**
     * How far a hold has come.
     *
     * @param remaining what can still be captured
     * @param changed the sequence of its last event
     */
    private record Progress(Amount captured, Amount remaining, State state, long changed) {}

    private enum State {
        OPEN,
        CAPTURED,
        VOIDED,
        EXPIRED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Map<Key, Progress> holds = new LinkedHashMap<>();
    private final List<PublishedEvent> placed = new ArrayList<>();

    /** Those of earlier batches that the events touch, as they are before. */
    static BatchHolds before(List<PublishedEvent> events, JdbcTemplate books) {
        BatchHolds before = new BatchHolds();
        Set<Key> keys = new HashSet<>();
        for (PublishedEvent event : events) {
            switch (event.event()) {
                case HoldCaptured capture -> keys.add(new Key(event.ledger(), capture.hold()));
                case HoldReleased release -> keys.add(new Key(event.ledger(), release.hold()));
                default -> {} // of no hold that is there already
            }
        }
        before.read(keys, books);
        return before;
    }

    private void read(Set<Key> keys, JdbcTemplate books) {
        ArrayRows rows = new ArrayRows("text", "uuid");
        keys.forEach(key -> rows.add(key.ledger().value(), key.id()));
        if (rows.isEmpty()) {
            return;
        }
        books.query(connection -> rows.bind(connection, """
                        select ledger, id, captured, remaining, state, changed
                          from hold
                          join unnest(?::text[], ?::uuid[]) as key (ledger, id) using (ledger, id)
                        """), row -> {
            holds.put(
                    new Key(new LedgerId(row.getString("ledger")), row.getObject("id", UUID.class)),
                    new Progress(
                            Amount.of(row.getBigDecimal("captured").toBigIntegerExact()),
                            Amount.of(row.getBigDecimal("remaining").toBigIntegerExact()),
                            State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                            row.getLong("changed")));
        });
    }

    void place(PublishedEvent event, HoldPlaced hold) {
        placed.add(event);
        holds.put(
                new Key(event.ledger(), hold.id()),
                new Progress(Amount.ZERO, hold.amount(), State.OPEN, event.sequence()));
    }

    void capture(PublishedEvent event, HoldCaptured capture) {
        Amount moved = capture.postings().getFirst().amount();
        change(
                event,
                capture.hold(),
                before -> new Progress(
                        before.captured().plus(moved),
                        before.remaining().minus(capture.taken()),
                        capture.closes() ? State.CAPTURED : State.OPEN,
                        event.sequence()));
    }

    void release(PublishedEvent event, HoldReleased release) {
        State ended =
                switch (release.reason()) {
                    case VOIDED -> State.VOIDED;
                    case EXPIRED -> State.EXPIRED;
                };
        change(
                event,
                release.hold(),
                before -> new Progress(
                        before.captured(), before.remaining().minus(release.amount()), ended, event.sequence()));
    }

    private void change(PublishedEvent event, UUID hold, UnaryOperator<Progress> step) {
        Progress before = holds.get(new Key(event.ledger(), hold));
        Progress after = before == null ? null : step.apply(before);
        if (after == null || before.state() != State.OPEN || after.remaining().isNegative()) {
            throw new IllegalStateException("event " + event.sequence() + " of ledger " + event.ledger()
                    + " takes what hold " + hold + " has not");
        }
        holds.put(new Key(event.ledger(), hold), after);
    }

    void write(JdbcTemplate books) {
        writePlaced(books);
        ArrayRows rows = new ArrayRows("text", "uuid", "numeric", "numeric", "text", "bigint");
        holds.forEach((key, hold) -> rows.add(
                key.ledger().value(),
                key.id(),
                number(hold.captured()),
                number(hold.remaining()),
                hold.state().word(),
                hold.changed()));
        rows.update(books, """
                update hold
                   set captured = row.captured, remaining = row.remaining, state = row.state, changed = row.changed
                  from unnest(?::text[], ?::uuid[], ?::numeric[], ?::numeric[], ?::text[], ?::bigint[])
                       as row (ledger, id, captured, remaining, state, changed)
                 where hold.ledger = row.ledger and hold.id = row.id
                """);
    }

    /** As they end the batch: those that were placed in it need no update. */
    private void writePlaced(JdbcTemplate books) {
        ArrayRows rows = new ArrayRows(
                "text",
                "uuid",
                "bigint",
                "text",
                "text",
                "text",
                "numeric",
                "numeric",
                "numeric",
                "text",
                "timestamptz",
                "text",
                "timestamptz",
                "bigint");
        for (PublishedEvent event : placed) {
            HoldPlaced hold = (HoldPlaced) event.event();
            Progress progress = holds.remove(new Key(event.ledger(), hold.id()));
            AccountAddress destination = hold.destination();
            Instant expiresAt = hold.expiresAt();
            rows.add(
                    event.ledger().value(),
                    hold.id(),
                    event.sequence(),
                    hold.source().value(),
                    destination == null ? null : destination.value(),
                    hold.asset().name(),
                    number(hold.amount()),
                    number(progress.captured()),
                    number(progress.remaining()),
                    progress.state().word(),
                    expiresAt == null ? null : expiresAt.toString(),
                    JSON.writeValueAsString(hold.metadata()),
                    event.recorded().recordedAt().toString(),
                    progress.changed());
        }
        rows.update(books, """
                insert into hold (ledger, id, sequence, source, destination, asset, amount, captured, remaining, state,
                                  expires_at, metadata, placed_at, changed)
                select ledger, id, sequence, source, destination, asset, amount, captured, remaining, state,
                       expires_at, metadata::jsonb, placed_at, changed
                  from unnest(?::text[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::numeric[],
                              ?::numeric[], ?::numeric[], ?::text[], ?::timestamptz[], ?::text[], ?::timestamptz[],
                              ?::bigint[])
                       as row (ledger, id, sequence, source, destination, asset, amount, captured, remaining, state,
                               expires_at, metadata, placed_at, changed)
                """);
    }

    private static BigDecimal number(Amount amount) {
        return new BigDecimal(amount.toBigInteger());
    }
}
