package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;

/** Where events are read from. */
record Sources(Journal journal, String bootstrapServers, String topic) {

    /** The event store, which has everything. */
    static final String STORE = "store";

    /**
     * @param source {@value #STORE}, or that of Kafka
     * @param after the sequence after which events are wanted; earlier ones may come
     */
    LedgerReader reader(String source, LedgerId ledger, long after) {
        return source.equals(STORE)
                ? new JournalReader(journal, ledger, after)
                : new TopicReader(bootstrapServers, topic, ledger);
    }
}
