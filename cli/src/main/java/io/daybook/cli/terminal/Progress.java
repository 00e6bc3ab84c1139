package io.daybook.cli.terminal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a long piece of work has come, with its rate and the time left: a bar on a terminal, and elsewhere a line every
 * few seconds, so that a log stays readable. It goes to standard error; standard output is for results.
 */
public sealed interface Progress extends AutoCloseable {

    /**
     * Begins to show.
     *
     * @param task what is done, such as {@code Importing}
     * @param unit what is counted, in the plural, such as {@code transactions}
     * @param total how many there are
     */
    static Progress of(String task, String unit, long total) {
        return of(task, unit, total, 0);
    }

    /**
     * The same for what goes on where it was.
     *
     * @param done how many were done before, and say nothing about how fast it is now
     */
    static Progress of(String task, String unit, long total, long done) {
        return canDrawOnStandardError()
                ? new Bar(
                        task,
                        total,
                        done,
                        System.err,
                        TerminalWidth.ofTerminal().orElse(Bar.USUAL_WIDTH))
                : new Lines(task, unit, total, done, System.err);
    }

    /** So many are done by now, in all. */
    void reached(long count);

    /**
     * The same.
     *
     * @param total how many there are, as is known by now
     * @param note what else there is to tell; empty for nothing
     */
    void reached(long count, long total, String note);

    /** Shows how far it came and ends. */
    @Override
    void close();

    /**
     * Whether it is a terminal that is more than a printer. Java cannot tell for standard error alone (its console needs
     * input and output to be terminals), but where there is a /proc, the system does. So {@code daybook export > file} shows
     * its bar.
     */
    private static boolean canDrawOnStandardError() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    /** A bar that is drawn anew in its line, with the note below it, which may be of any length. */
    final class Bar implements Progress {

        private static final int REFRESH_MILLIS = 200;
        private static final int USUAL_WIDTH = 80;

        private final Drawing drawing;
        private final ProgressBar bar;

        /**
         * @param width of the terminal, in columns
         */
        Bar(String task, long total, long done, PrintStream out, int width) {
            // The last column stays free: a terminal may go to the next line after it.
            drawing = new Drawing(out, width - 1);
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .startsFrom(done, Duration.ZERO)
                    .setStyle(
                            out.charset().equals(StandardCharsets.UTF_8)
                                    ? ProgressBarStyle.UNICODE_BLOCK
                                    : ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                    // Left to itself it has JLine ask for the width, which takes the signals from the JVM: Ctrl-C would
                    // end the command without its shutdown hooks.
                    .setConsumer(drawing)
                    .build();
        }

        @Override
        public void reached(long count) {
            bar.stepTo(count);
        }

        @Override
        public void reached(long count, long total, String note) {
            bar.maxHint(total);
            drawing.note = note;
            bar.stepTo(count);
        }

        @Override
        public void close() {
            bar.close();
        }

        /** The lines that the bar and its note take, which each drawing puts in the place of those before. */
        private static final class Drawing implements ProgressBarConsumer {

            /** To the beginning of this line, and of so many lines before it (ECMA-48, CPL). */
            private static final String LINES_UP = "\033[%dF";

            /** All from here to the end of the screen is cleared (ECMA-48, ED). */
            private static final String CLEAR = "\033[J";

            private final PrintStream out;
            private final int width;
            private int drawnLines = 1;
            private volatile String note = "";

            Drawing(PrintStream out, int width) {
                this.out = out;
                this.width = width;
            }

            @Override
            public int getMaxRenderedLength() {
                return width;
            }

            @Override
            public void accept(String bar) {
                List<String> lines = new ArrayList<>();
                lines.add(bar);
                lines.addAll(wrapped(note));
                String begin = drawnLines == 1 ? "\r" : String.format(Locale.ROOT, LINES_UP, drawnLines - 1);
                out.print(begin + CLEAR + String.join("\n", lines));
                out.flush();
                drawnLines = lines.size();
            }

            /** At spaces, unless a word alone is too long. */
            private List<String> wrapped(String text) {
                List<String> lines = new ArrayList<>();
                String rest = text.strip();
                while (rest.length() > width) {
                    int space = rest.lastIndexOf(' ', width);
                    int end = space > 0 ? space : width;
                    lines.add(rest.substring(0, end));
                    rest = rest.substring(end).strip();
                }
                if (!rest.isEmpty()) {
                    lines.add(rest);
                }
                return lines;
            }

            @Override
            public void close() {
                out.println();
            }
        }
    }

    /** A line every few seconds, and one at the end. */
    final class Lines implements Progress {

        private static final Duration INTERVAL = Duration.ofSeconds(3);

        private final String task;
        private final String unit;
        private final long done;
        private final PrintStream out;
        private final long startedNanos = System.nanoTime();
        private long lastLineNanos = startedNanos;
        private long total;
        private long count;
        private String note = "";

        Lines(String task, String unit, long total, long done, PrintStream out) {
            this.task = task;
            this.unit = unit;
            this.total = total;
            this.done = done;
            this.count = done;
            this.out = out;
        }

        @Override
        public void reached(long count) {
            reached(count, total, "");
        }

        @Override
        public void reached(long count, long total, String note) {
            this.count = count;
            this.total = total;
            this.note = note;
            long now = System.nanoTime();
            if (now - lastLineNanos >= INTERVAL.toNanos() && (count < total || !note.isEmpty())) {
                lastLineNanos = now;
                out.println(line(now));
            }
        }

        @Override
        public void close() {
            out.println(line(System.nanoTime()));
        }

        private String line(long nowNanos) {
            double seconds = Math.max(nowNanos - startedNanos, 1) / 1e9;
            double rate = Math.max(0, count - done) / seconds;
            StringBuilder line = new StringBuilder(
                    String.format(Locale.ROOT, "%s: %,d of %,d %s, %,.0f/s", task, count, total, unit, rate));
            if (count >= total) {
                line.append(String.format(Locale.ROOT, ", %,.1f s", seconds));
            } else if (rate > 0) {
                line.append(String.format(Locale.ROOT, ", %,.0f s left", (total - count) / rate));
            }
            return note.isEmpty() ? line.toString() : line + "; " + note;
        }
    }
}
