package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** The hledger of the machine, as an independent referee. */
public final class Hledger {

    private Hledger() {}

    /** Ends the test as skipped, with a clear word, where there is none. */
    public static void assumeInstalled() {
        boolean installed;
        try {
            installed = new ProcessBuilder("hledger", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            installed = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Assumptions.assumeTrue(
                installed,
                "SKIPPED: hledger is not installed, so no journal was checked (Debian: apt-get install hledger)");
    }

    static void check(Path journal) throws IOException, InterruptedException {
        run(journal, "check");
    }

    /** Every balance that is not zero, by account and commodity. */
    public static Map<String, BigDecimal> balances(Path journal) throws IOException, InterruptedException {
        List<String> lines = run(journal, "balance", "--flat", "--no-total", "-O", "csv", "--layout=bare")
                .lines()
                .skip(1)
                .toList();
        Map<String, BigDecimal> balances = new TreeMap<>();
        for (String line : lines) {
            // "account","commodity","balance"; hledger writes POINTS where we quote it, and doubles the quotes it
            // keeps.
            String[] cells = line.substring(1, line.length() - 1).split("\",\"");
            balances.put(cells[0] + " " + cells[1].replace("\"\"", ""), new BigDecimal(cells[2]));
        }
        return balances;
    }

    static String run(Path journal, String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("hledger", "-f", "-"));
        words.addAll(List.of(command));
        Path out = Files.createTempFile(journal.getParent(), "hledger", ".out");
        Path err = Files.createTempFile(journal.getParent(), "hledger", ".err");
        ProcessBuilder process = new ProcessBuilder(words)
                .redirectInput(journal.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().put("LC_ALL", "C.UTF-8");
        int status = process.start().waitFor();
        assertThat(status)
                .as("hledger said: %s", Files.readString(err, StandardCharsets.UTF_8))
                .isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
