package io.daybook.cli.terminal;

import org.jspecify.annotations.Nullable;

/**
 * A command could not do what was asked. The message is all that the person sees, so it says what was asked, what is the
 * case, and what to do. The command ends with exit status 1.
 */
public class CommandFailed extends RuntimeException {

    public CommandFailed(String message) {
        this(message, null);
    }

    public CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
