package io.daybook.projections.audit;

import java.io.IOException;

/** Indices of the audit are gone, and the events in them. It comes of the state of the store, and not of any event. */
final class LostIndicesException extends IOException {

    LostIndicesException(String message) {
        super(message);
    }
}
