package io.daybook.bench.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come, what it measured last, and the time left: as it was planned, corrected by how long the parts
 * that are over took against their plan. A bar on a terminal, and elsewhere a line for each part. It goes to standard error;
 * standard output is for results.
 */
public final class RunProgress implements Steps, AutoCloseable {

    private static final int REFRESH_MILLIS = 500;

    private final PrintStream out;
    private final @Nullable ProgressBar bar;
    private final Duration planned;
    private final long start = System.nanoTime();

    /** The plan of the parts that are over. */
    private Duration done = Duration.ZERO;

    private String current = "";
    private Duration currentPlanned = Duration.ZERO;

    /** When the part that is under way began, or, between two, the one before ended. */
    private long currentStart = start;

    /**
     * @param planned about how long all of it takes
     */
    public RunProgress(Duration planned, PrintStream out) {
        this.planned = planned;
        this.out = out;
        this.bar = standardErrorIsATerminal()
                ? new ProgressBarBuilder()
                        .setTaskName("measuring")
                        .setInitialMax(planned.toSeconds())
                        .setUnit(" s", 1)
                        .setStyle(
                                out.charset().equals(StandardCharsets.UTF_8)
                                        ? ProgressBarStyle.UNICODE_BLOCK
                                        : ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(REFRESH_MILLIS)
                        .setEtaFunction(state -> Optional.of(left(System.nanoTime())))
                        .setConsumer(new ConsoleProgressBarConsumer(out))
                        .build()
                : null;
    }

    @Override
    public synchronized void begin(String what, Duration planned) {
        current = what;
        currentPlanned = planned;
        currentStart = System.nanoTime();
        if (bar != null) {
            bar.setExtraMessage(" " + what);
        }
    }

    @Override
    public synchronized void end(String measured) {
        done = done.plus(currentPlanned);
        currentPlanned = Duration.ZERO;
        currentStart = System.nanoTime();
        if (bar != null) {
            bar.stepTo(done.toSeconds());
            bar.setExtraMessage(" " + current + ": " + measured);
        } else {
            out.println(current + ": " + measured + "; " + words(left(System.nanoTime())) + " left");
        }
    }

    private synchronized Duration left(long now) {
        double slowness = done.isZero() ? 1 : (double) (currentStart - start) / done.toNanos();
        long ofCurrent = Math.max(0, (long) (currentPlanned.toNanos() * slowness) - (now - currentStart));
        long ofOthers = (long) (planned.minus(done).minus(currentPlanned).toNanos() * slowness);
        return Duration.ofNanos(ofCurrent + ofOthers);
    }

    private static String words(Duration left) {
        return left.toSeconds() < 90
                ? left.toSeconds() + " s"
                : String.format(Locale.ROOT, "%.0f min", left.toSeconds() / 60.0);
    }

    /**
     * Java cannot tell for standard error alone (its console needs input and output to be terminals), but where there is
     * a /proc, the system does.
     */
    private static boolean standardErrorIsATerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
