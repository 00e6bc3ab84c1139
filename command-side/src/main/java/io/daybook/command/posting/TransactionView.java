package io.daybook.command.posting;

import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A transaction as the contract shows it. */
record TransactionView(
        UUID id,
        LedgerId ledger,
        long sequence,
        @Nullable String reference,
        List<Posting> postings,
        Map<String, String> metadata,
        Instant effectiveAt,
        Instant recordedAt,
        String hash) {

    static TransactionView of(RecordedEvent recorded) {
        TransactionPosted posted = (TransactionPosted) recorded.event();
        return new TransactionView(
                posted.id(),
                recorded.ledger(),
                recorded.sequence(),
                posted.reference(),
                posted.postings(),
                posted.metadata(),
                posted.effectiveAt(),
                recorded.recordedAt(),
                recorded.hash());
    }
}
