package io.daybook.cli.terminal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
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
        return standardErrorIsATerminal() ? new Bar(task, total, System.err) : new Lines(task, unit, total, System.err);
    }

    /** So many are done by now, in all. */
    void reached(long count);

    /** Shows how far it came and ends. */
    @Override
    void close();

    /**
     * Java cannot tell for standard error alone (its console needs input and output to be terminals), but where there is
     * a /proc, the system does. So {@code daybook export > file} shows its bar.
     */
    private static boolean standardErrorIsATerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    /** A bar that is drawn anew in its line. */
    final class Bar implements Progress {

        private static final int REFRESH_MILLIS = 200;

        private final ProgressBar bar;

        private Bar(String task, long total, PrintStream out) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(
                            out.charset().equals(StandardCharsets.UTF_8)
                                    ? ProgressBarStyle.UNICODE_BLOCK
                                    : ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                    .setConsumer(new ConsoleProgressBarConsumer(out))
                    .build();
        }

        @Override
        public void reached(long count) {
            bar.stepTo(count);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A line every few seconds, and one at the end. */
    final class Lines implements Progress {

        private static final Duration INTERVAL = Duration.ofSeconds(3);

        private final String task;
        private final String unit;
        private final long total;
        private final PrintStream out;
        private final long startedNanos = System.nanoTime();
        private long lastLineNanos = startedNanos;
        private long count;

        Lines(String task, String unit, long total, PrintStream out) {
            this.task = task;
            this.unit = unit;
            this.total = total;
            this.out = out;
        }

        @Override
        public void reached(long count) {
            this.count = count;
            long now = System.nanoTime();
            if (now - lastLineNanos >= INTERVAL.toNanos() && count < total) {
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
            double rate = count / seconds;
            StringBuilder line = new StringBuilder(
                    String.format(Locale.ROOT, "%s: %,d of %,d %s, %,.0f/s", task, count, total, unit, rate));
            if (count >= total) {
                line.append(String.format(Locale.ROOT, ", %,.1f s", seconds));
            } else if (count > 0) {
                line.append(String.format(Locale.ROOT, ", %,.0f s left", (total - count) / rate));
            }
            return line.toString();
        }
    }
}
