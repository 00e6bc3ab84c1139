package io.daybook.cli.proof;

import io.daybook.cli.installation.Stores;
import java.util.function.Function;

/** What has a copy of the event store's events. */
enum Copy {
    KAFKA(EventTopic::of),
    BOOKS(EventTable::ofBooks),
    AUDIT(EventIndex::of);

    private final Function<Stores, EventSource> source;

    Copy(Function<Stores, EventSource> source) {
        this.source = source;
    }

    EventSource in(Stores stores) {
        return source.apply(stores);
    }
}
