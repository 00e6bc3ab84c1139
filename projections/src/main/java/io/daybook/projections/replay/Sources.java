package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;

/** Where events are read from. */
record Sources(Journal journal, String bootstrapServers, String topic) {

    /**
     * @param after the sequence after which events are wanted; earlier ones may come
     */
    LedgerReader reader(ReplaySource source, LedgerId ledger, long after) {
        return switch (source) {
            case STORE -> new JournalReader(journal, ledger, after);
            case KAFKA -> new TopicReader(bootstrapServers, topic, ledger);
        };
    }
}
