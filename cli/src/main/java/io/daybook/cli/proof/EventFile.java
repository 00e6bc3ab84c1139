package io.daybook.cli.proof;

import io.daybook.cli.files.TextFile;
import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.LedgerEventJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events in a file that {@code daybook export --format ndjson} wrote. Nothing else is needed to verify them. */
final class EventFile implements EventSource {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private long remembered;

    EventFile(Path file) {
        this.file = file;
    }

    @Override
    public String title() {
        return "the export";
    }

    @Override
    public long count(@Nullable LedgerId ledger) {
        try (BufferedReader lines = TextFile.open(file)) {
            return lines.lines().filter(line -> !line.isBlank()).count();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange) {
        try (BufferedReader lines = TextFile.open(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                JsonNode read = read(number, line);
                if (ledger != null && !ledger.value().equals(read.path("ledger").asString(""))) {
                    continue;
                }
                if (read.has("remembered")) {
                    remembered++;
                } else {
                    consumer.accept(event(number, read));
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** As they were met when the events were read: whether they can be is not told by the file alone. */
    @Override
    public long remembered(@Nullable LedgerId ledger, Consumer<Finding> strange) {
        return remembered;
    }

    private JsonNode read(long number, String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw notAnEvent(number, e);
        }
    }

    private StoredEvent event(long number, JsonNode event) {
        try {
            int chain = event.path("chain").asInt(HashChain.FIRST_VERSION);
            return new StoredEvent(
                    event.required("ledger").asString(),
                    new Envelope(
                            event.required("sequence").asLong(),
                            UUID.fromString(event.required("id").asString()),
                            Instant.parse(event.required("recordedAt").asString()),
                            event.required("requestId").asString(),
                            event.required("actor").asString(),
                            chain,
                            event.required("hash").asString()),
                    event.required("type").asString(),
                    null,
                    LedgerEventJson.canonical(event.required("data"), chain));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw notAnEvent(number, e);
        }
    }

    private CommandFailed notAnEvent(long number, RuntimeException e) {
        return new CommandFailed(
                "Line " + number + " of " + file + " is not an event as 'daybook export --format ndjson' writes it: "
                        + e.getMessage() + ".",
                e);
    }

    private CommandFailed failed(IOException e) {
        return new CommandFailed("The file " + file + " cannot be read: " + e + ".\nCheck its name.", e);
    }

    @Override
    public void close() {
        // It is open only while it is read.
    }
}
