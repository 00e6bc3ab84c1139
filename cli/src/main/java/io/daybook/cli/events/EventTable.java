package io.daybook.cli.events;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Rows of the audit as a table: when, where, which kind, and what in words. Where the width is known the words are cut to it;
 * elsewhere the id comes as well.
 */
final class EventTable implements Listing.Lines {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int NARROWEST_WORDS = 20;
    private static final int ID_WIDTH = 36;
    private static final String GAP = "  ";

    private final PrintWriter out;
    private final OptionalInt width;

    /** Columns only grow, so that what comes later is aligned with most of what was before. */
    private int whereWidth = 16;

    private int typeWidth = 18;
    private boolean begun;

    EventTable(PrintWriter out, OptionalInt width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void add(JsonNode row) {
        String where = where(row);
        String type = shortType(row.path("type").asString(""));
        whereWidth = Math.max(whereWidth, where.length());
        typeWidth = Math.max(typeWidth, type.length());
        if (!begun) {
            begun = true;
            line("TIME (UTC)", "LEDGER/SEQUENCE", "TYPE", "ID", "WHAT");
        }
        line(
                TIME.format(Instant.parse(row.path("timestamp").asString())),
                where,
                type,
                row.path("id").asString(""),
                printable(row.path("message").asString("")));
        out.flush();
    }

    private void line(String time, String where, String type, String id, String what) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%-23s%s%-" + whereWidth + "s%s%-" + typeWidth + "s", time, GAP, where, GAP, type));
        if (width.isEmpty()) {
            line.append(GAP).append(String.format(Locale.ROOT, "%-" + ID_WIDTH + "s", id));
        }
        line.append(GAP);
        int left = width.isEmpty() ? what.length() : Math.max(NARROWEST_WORDS, width.getAsInt() - line.length());
        line.append(what.length() <= left ? what : what.substring(0, left - 1) + "…");
        out.println(line.toString().stripTrailing());
    }

    /** The name under which {@code show} finds an event; of a request the ledger that it was for. */
    private static String where(JsonNode row) {
        String ledger = row.path("ledger").asString("-");
        return row.path("sequence").isNumber()
                ? ledger + "/" + row.path("sequence").asLong()
                : ledger;
    }

    private static String shortType(String type) {
        return type.replaceFirst("^daybook\\.", "").replaceFirst("\\.v[0-9]+$", "");
    }

    /** What clients have written must not move the cursor. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "·");
    }
}
