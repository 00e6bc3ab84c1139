package io.daybook.installation;

/**
 * An installation cannot be used as it is. The message is for the person who asked: it says what is the case, and what to do.
 */
public final class InstallationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InstallationException(String message) {
        super(message);
    }
}
