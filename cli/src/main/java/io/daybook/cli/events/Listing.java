package io.daybook.cli.events;

import io.daybook.cli.terminal.TerminalWidth;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** How rows of the audit are shown. */
final class Listing {

    /** What rows can be shown as. */
    enum Format {
        table,
        ndjson
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = {
                "table: a line for each, cut to the width of the terminal. The default.",
                "ndjson: all that is known of each, as JSON, one a line."
            })
    private Format format = Format.table;

    /** Shows rows one after the other. */
    interface Lines {
        void add(JsonNode row);
    }

    boolean isNdjson() {
        return format == Format.ndjson;
    }

    Lines begin() {
        PrintWriter out = spec.commandLine().getOut();
        return isNdjson() ? row -> ndjson(row, out) : new EventTable(out, TerminalWidth.columns());
    }

    static void ndjson(JsonNode row, PrintWriter out) {
        out.println(row);
        out.flush();
    }
}
