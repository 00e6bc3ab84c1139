package io.daybook.cli.importing;

import io.daybook.events.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A transaction as the batch command takes it. The id makes a retry harmless. */
record NewTransaction(
        UUID id, String reference, Instant effectiveAt, Map<String, String> metadata, List<Posting> postings) {}
