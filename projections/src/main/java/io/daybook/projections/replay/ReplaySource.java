package io.daybook.projections.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** From where a replay takes the events. */
enum ReplaySource {
    /** The topic of events. */
    KAFKA,
    /** The event store, which has everything. */
    STORE;

    /** As tables and documents have it. */
    @JsonValue
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ReplaySource of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
