package io.daybook.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the terminal is that standard output goes to. */
public final class TerminalWidth {

    /** Rows and columns, as {@code stty size} tells. */
    private static final Pattern SIZE = Pattern.compile("\\d+ ([1-9]\\d{0,4})");

    private static final int NARROWEST = 60;

    private TerminalWidth() {}

    /** In columns, for tables, which need 60 at least; empty if standard output is no terminal, or nobody knows. */
    public static OptionalInt columns() {
        if (System.console() == null || !System.console().isTerminal()) {
            return OptionalInt.empty();
        }
        OptionalInt columns = ofTerminal();
        return columns.isPresent() ? OptionalInt.of(Math.max(NARROWEST, columns.getAsInt())) : columns;
    }

    /** Of the terminal that the command was called from, wherever its output goes; empty if nobody knows. */
    static OptionalInt ofTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            Matcher matcher = SIZE.matcher(size);
            return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }
}
