package io.daybook.command.publication;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What has become of a republication. */
public enum RepublicationState {
    /** It was asked for, and nobody has begun with it yet. */
    REQUESTED,
    RUNNING,
    /** It waits, and with it the publication if the topic was emptied already. */
    PAUSED,
    DONE,
    /** It must not be: the topic is as it was. */
    FAILED,
    /** It was given up before it had begun. */
    DISCARDED;

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As table {@code republication} has it. */
    String stored() {
        return this == REQUESTED ? "wanted" : label();
    }

    static RepublicationState of(String stored) {
        return stored.equals(REQUESTED.stored()) ? REQUESTED : valueOf(stored.toUpperCase(Locale.ROOT));
    }

    public boolean isOver() {
        return this == DONE || this == FAILED || this == DISCARDED;
    }
}
