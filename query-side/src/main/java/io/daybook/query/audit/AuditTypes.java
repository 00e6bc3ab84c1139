package io.daybook.query.audit;

import io.daybook.events.EventType;
import io.daybook.query.request.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What there is in the audit: events by the names that they have or had, with a version or without, and requests. */
final class AuditTypes {

    private static final String VERSION = ".v";

    private static final List<String> OF_REQUESTS = List.of("command", "query");
    private static final List<String> OF_EVENTS = Arrays.stream(EventType.values())
            .map(type -> unversioned(type.eventName()))
            .toList();
    private static final String[] ALL = all();

    private AuditTypes() {}

    /** The type that is asked for: a name with its version, or without it for all its versions. */
    static Optional<String> of(Parameters parameters) {
        return parameters.oneOf("type", ALL);
    }

    private static String[] all() {
        List<String> all = new ArrayList<>(OF_REQUESTS);
        all.addAll(OF_EVENTS);
        for (EventType type : EventType.values()) {
            String name = type.eventName();
            int version = Integer.parseInt(name.substring(unversioned(name).length() + VERSION.length()));
            for (int earlier = 1; earlier <= version; earlier++) {
                all.add(unversioned(name) + VERSION + earlier);
            }
        }
        return all.toArray(String[]::new);
    }

    private static String unversioned(String name) {
        return name.substring(0, name.lastIndexOf(VERSION));
    }
}
