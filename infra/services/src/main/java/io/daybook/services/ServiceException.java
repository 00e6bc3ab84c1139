package io.daybook.services;

/** A backing service could not be started or reached. The message says which, why, and where its log is. */
public final class ServiceException extends RuntimeException {

    public ServiceException(String message) {
        super(message);
    }

    public ServiceException(String message, Throwable cause) {
        super(message, cause);
    }
}
