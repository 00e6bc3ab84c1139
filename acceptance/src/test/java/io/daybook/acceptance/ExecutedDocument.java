package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page that does what it says: each {@code sh} block is run in turn, in one shell, and what it prints is compared with the
 * block that follows it, where "…" stands for anything. The installation has a data folder and a port of its own, so these
 * are put in.
 */
final class ExecutedDocument {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final String END_OF_BLOCK = "--- end of block ---";
    private static final int TIMEOUT_MINUTES = 5;

    /** Some commands, and what they print, or null if the page does not say. */
    private record Example(String commands, String expected) {}

    private final String name;
    private final List<Example> examples;

    private ExecutedDocument(String name, List<Example> examples) {
        this.name = name;
        this.examples = examples;
    }

    static ExecutedDocument read(Path markdown) throws IOException {
        return new ExecutedDocument(markdown.getFileName().toString(), examples(Files.readString(markdown)));
    }

    /** The page without the blocks that are not to be run. */
    ExecutedDocument without(Predicate<String> commands) {
        return new ExecutedDocument(
                name,
                examples.stream()
                        .filter(example -> !commands.test(example.commands()))
                        .toList());
    }

    /** How many answers it has to compare. */
    long answers() {
        return examples.stream().filter(example -> example.expected() != null).count();
    }

    /** Fails with the first command that ends with an error, or prints something else than the page says. */
    void workAsItSays(TestInstallation daybook) throws IOException, InterruptedException {
        List<String> printed = run(daybook);
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).expected() != null) {
                assertThat(printed.get(i).strip())
                        .as("%s: %s", name, examples.get(i).commands())
                        .matches(pattern(examples.get(i).expected().strip()));
            }
        }
    }

    private static List<Example> examples(String markdown) {
        List<Example> examples = new ArrayList<>();
        String commands = null;
        int end = 0;
        for (Matcher block = BLOCK.matcher(markdown); block.find(); ) {
            boolean isAnswer = commands != null
                    && !block.group(1).equals("sh")
                    && markdown.substring(end, block.start()).isBlank();
            if (isAnswer) {
                examples.set(examples.size() - 1, new Example(commands, block.group(2)));
                commands = null;
            } else if (block.group(1).equals("sh")) {
                commands = block.group(2);
                examples.add(new Example(commands, null));
            }
            end = block.end();
        }
        return examples;
    }

    private List<String> run(TestInstallation daybook) throws IOException, InterruptedException {
        String script = examples.stream()
                .map(example -> adapted(example.commands(), daybook) + "\necho; echo '" + END_OF_BLOCK + "'\n")
                .collect(Collectors.joining("", "set -e\n", ""));
        Path output = Files.createTempFile("page", ".out");
        Process shell = new ProcessBuilder("/bin/sh", "-c", script)
                .directory(TestInstallation.HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = shell.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        shell.destroyForcibly();
        // Headers and CSV end their lines so; a page does not.
        String printed = Files.readString(output).replace("\r\n", "\n");
        Files.delete(output);
        assertThat(ended)
                .as("whether it ended within %d minutes; %s printed:\n%s", TIMEOUT_MINUTES, name, printed)
                .isTrue();
        assertThat(shell.exitValue())
                .as("exit status; the commands of %s printed:\n%s", name, printed)
                .isZero();
        return Stream.of(printed.split(END_OF_BLOCK + "\n")).toList();
    }

    private static String adapted(String commands, TestInstallation daybook) {
        return commands.replace("./daybook demo", "./daybook demo --detach --port " + daybook.port())
                .replaceAll(
                        "(\\./daybook \\w+)",
                        "$1 --data " + Matcher.quoteReplacement(daybook.data().toString()))
                .replace(":8080", ":" + daybook.port());
    }

    private static Pattern pattern(String expected) {
        String regex = Stream.of(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
