package io.daybook.cli.client;

import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * What a request was answered with, if it was not refused.
 *
 * @param ledgerSequence how far the ledger had come in what was read or written; empty if the answer is not about one
 */
public record Answer(int status, JsonNode body, OptionalLong ledgerSequence) {}
