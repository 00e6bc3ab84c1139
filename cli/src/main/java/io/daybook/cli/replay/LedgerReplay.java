package io.daybook.cli.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A ledger that is posted anew in a projection.
 *
 * @param reached the last event that is posted anew
 * @param events how many there are to read, and {@code behind} of them are left
 * @param detail why it does not go on, or what came of it
 * @param actions what can be asked of it now
 */
record LedgerReplay(
        Key key,
        ReplayState state,
        long reached,
        long events,
        long behind,
        @Nullable String detail,
        List<String> actions) {

    /** A ledger in a projection. */
    record Key(String projection, String ledger) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            return title().compareTo(other.title());
        }

        String title() {
            return projection + ": ledger " + ledger;
        }
    }

    static LedgerReplay of(JsonNode ledger) {
        return new LedgerReplay(
                new Key(
                        ledger.path("projection").asString(),
                        ledger.path("ledger").asString()),
                ReplayState.of(ledger.path("state")),
                ledger.path("reached").asLong(),
                ledger.path("events").asLong(),
                ledger.path("behind").asLong(),
                ReplayPart.text(ledger.path("detail")),
                ledger.path("actions").valueStream().map(JsonNode::asString).toList());
    }

    /** One that is not there any more, as somebody has given it up. */
    static LedgerReplay givenUp(Key key) {
        return new LedgerReplay(
                key,
                ReplayState.DISCARDED,
                0,
                0,
                0,
                "'./daybook projections' tells whether it is parked, and './daybook replay " + key.projection()
                        + " --ledger " + key.ledger() + "' posts it anew",
                List.of());
    }

    boolean canBe(ReplayAction action) {
        return actions.contains(action.label());
    }

    /** What there is to tell when it is over. */
    String outcome() {
        if (state == ReplayState.DONE) {
            return key.title() + " " + detail;
        }
        String word = state == ReplayState.DISCARDED ? "given up" : state.label();
        return key.title() + " is " + word + (detail == null ? "" : ": " + detail);
    }
}
