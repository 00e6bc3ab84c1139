package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import io.daybook.installation.Stores;
import java.util.function.Function;

/** What has a copy of the event store's events; named as it is typed. */
enum Copy {
    kafka(TopicEventSource::of, PublicationClaim::of),
    books(BooksEventSource::of, stores -> ProjectionClaim.of(stores, "books")),
    audit(AuditEventSource::of, stores -> ProjectionClaim.of(stores, "audit"));

    /** That nobody can be asked. */
    private record UnknownClaim(CommandFailed reason) implements Claim {

        @Override
        public String who() {
            return "nobody";
        }

        @Override
        public long last(LedgerId ledger, long has, JournalEventSource journal) {
            throw reason;
        }

        @Override
        public Object circumstances() {
            return "unknown";
        }
    }

    private final Function<Stores, EventSource> source;
    private final Function<Stores, Claim> claim;

    Copy(Function<Stores, EventSource> source, Function<Stores, Claim> claim) {
        this.source = source;
        this.claim = claim;
    }

    EventSource in(Stores stores) {
        return source.apply(stores);
    }

    /** How far it has come, as whoever fills it says now; it is only needed if the copy lacks something. */
    Claim claim(Stores stores) {
        try {
            return claim.apply(stores);
        } catch (CommandFailed e) {
            return new UnknownClaim(e);
        }
    }
}
