package io.daybook.projections.projection;

import java.io.IOException;

/**
 * A store has lost what it had, so that nothing can be posted to it before all is posted anew. It comes of the store, and not
 * of any event.
 */
public final class StoreLossException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is lost, and what to do
     */
    public StoreLossException(String message) {
        super(message);
    }
}
