package io.daybook.stores.redis;

import java.util.UUID;

/** The keys of the outcomes of asynchronous commands: what is answered to who asks for one, as JSON. */
public final class OutcomeKeys {

    private static final String PREFIX = "daybook:command:";

    private OutcomeKeys() {}

    public static String of(UUID command) {
        return PREFIX + command;
    }
}
