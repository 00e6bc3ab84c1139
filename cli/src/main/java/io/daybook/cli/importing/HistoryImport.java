package io.daybook.cli.importing;

import io.daybook.cli.client.Answer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.files.TextFile;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Imports a ledger's whole history as {@code daybook export --format ndjson} wrote it, one piece a request. Daybook checks
 * every event against the hash chain; what it has already is no harm, so an import that was interrupted is simply run
 * again.
 */
final class HistoryImport {

    /** Events and remembered commands in a request. The contract's most. */
    static final int MAX_LINES = 1_000;

    /** A request ends when it has as much as this; with one line more it still stays below the contract's 16 MiB. */
    private static final int FULL_BYTES = 8 * 1024 * 1024;

    private final DaybookClient client;
    private final LedgerId ledger;
    private final Path file;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private int linesInPiece;
    private long sent;
    private long events;
    private long recorded;
    private long remembered;
    private long sequence;
    private String hash = "";

    HistoryImport(DaybookClient client, LedgerId ledger, Path file) {
        this.client = client;
        this.ledger = ledger;
        this.file = file;
    }

    /**
     * What was imported.
     *
     * @param events how many the file has
     * @param recorded how many of them were new
     * @param remembered how many commands the file has that led to no event
     * @param sequence of the last event
     * @param hash of the last event
     */
    record Outcome(long events, long recorded, long remembered, long sequence, String hash) {}

    /**
     * @throws CommandFailed if the file cannot be read, or its history is refused
     */
    Outcome run() {
        try {
            long total = count();
            if (total == 0) {
                throw new CommandFailed("The file " + file + " is empty: it has no event to import."
                        + "\n'daybook export --format ndjson' writes such files.");
            }
            try (Progress progress = Progress.of("Importing", "lines", total);
                    BufferedReader lines = TextFile.open(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        add(line, total, progress);
                    }
                }
            }
            return new Outcome(events, recorded, remembered, sequence, hash);
        } catch (NoSuchFileException e) {
            throw new CommandFailed(
                    "There is no file " + file + ".\n'daybook export --format ndjson' writes one that can be imported.",
                    e);
        } catch (IOException e) {
            throw new CommandFailed(
                    "The file " + file + " cannot be read: " + e + ".\nCheck its name and that it is whole.", e);
        }
    }

    private long count() throws IOException {
        try (BufferedReader lines = TextFile.open(file)) {
            return lines.lines().filter(line -> !line.isBlank()).count();
        }
    }

    private void add(String line, long total, Progress progress) {
        piece.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        piece.write('\n');
        linesInPiece++;
        boolean isLast = sent + linesInPiece == total;
        if (isLast || linesInPiece == MAX_LINES || piece.size() >= FULL_BYTES) {
            send(isLast);
            progress.reached(sent);
        }
    }

    private String path(boolean complete) {
        return "/v1/ledgers/" + ledger + "/events" + (complete ? "?complete=true" : "");
    }

    private void send(boolean isLast) {
        try {
            Answer answer = client.postLines(path(isLast), piece.toByteArray());
            JsonNode body = answer.body();
            recorded += body.path("recorded").asLong(0);
            events += body.path("recorded").asLong(0) + body.path("repeated").asLong(0);
            remembered += body.path("remembered").asLong(0);
            sequence = body.path("sequence").asLong(0);
            hash = body.path("hash").asString("");
        } catch (RequestFailed e) {
            throw new CommandFailed(
                    e.getMessage()
                            + String.format(
                                    Locale.ROOT,
                                    "%nThat was about lines %,d to %,d of %s; none of them was imported, those before them"
                                            + " were. When the cause is mended, import the same file again: it goes on"
                                            + " where it ended. Until then, if a part of it is there, nothing else is recorded in"
                                            + " ledger %s. To give the import up:%n"
                                            + "curl -X POST -H \"Authorization: Bearer $(./daybook token)\" '%s%s'",
                                    sent + 1,
                                    sent + linesInPiece,
                                    file,
                                    ledger,
                                    client.base(),
                                    path(true)),
                    e);
        }
        sent += linesInPiece;
        linesInPiece = 0;
        piece.reset();
    }
}
