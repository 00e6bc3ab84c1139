package io.daybook.command.bus;

/** A writer has as many commands waiting as it takes. Nothing was done; the command may be tried again shortly. */
public final class CommandQueueFullException extends RuntimeException {

    CommandQueueFullException(int capacity) {
        super(capacity + " commands are waiting already", null, false, false);
    }
}
