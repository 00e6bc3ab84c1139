package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** The beancount of the machine, as an independent referee. */
public final class Beancount {

    private Beancount() {}

    /** Ends the test as skipped, with a clear word, where there is none. */
    public static void assumeInstalled() throws InterruptedException {
        boolean installed;
        try {
            installed = new ProcessBuilder("bean-check", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            installed = false;
        }
        Assumptions.assumeTrue(
                installed,
                "SKIPPED: beancount is not installed, so no journal was checked (Debian: apt-get install beancount)");
    }

    static void check(Path journal) throws IOException, InterruptedException {
        run(journal, "bean-check", journal.toString());
    }

    /** Every balance that is not zero, by Daybook's account and beancount's commodity. */
    public static Map<String, BigDecimal> balances(Path journal) throws IOException, InterruptedException {
        String table = run(
                journal,
                "bean-query",
                "-f",
                "csv",
                journal.toString(),
                "select getitem(open_meta(account), 'daybook') as name, currency, str(sum(number)) as balance group by name, currency");
        Map<String, BigDecimal> balances = new TreeMap<>();
        table.lines().skip(1).forEach(line -> {
            String[] cells = line.split(",");
            // As Python writes it, Decimal('1.50'); as a number it would be shown with the digits that others have.
            BigDecimal balance =
                    new BigDecimal(cells[2].replaceAll("Decimal\\('|'\\)", "").strip());
            if (balance.signum() != 0) {
                balances.put(cells[0].strip() + " " + cells[1].strip(), balance);
            }
        });
        return balances;
    }

    private static String run(Path journal, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(journal.getParent(), "beancount", ".out");
        Path err = Files.createTempFile(journal.getParent(), "beancount", ".err");
        ProcessBuilder process =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        process.environment().put("LC_ALL", "C.UTF-8");
        // No cache beside the journal.
        process.environment().put("BEANCOUNT_DISABLE_LOAD_CACHE", "1");
        int status = process.start().waitFor();
        String said = Files.readString(err, StandardCharsets.UTF_8);
        assertThat(status).as("beancount said: %s", said).isZero();
        assertThat(said).isEmpty();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
