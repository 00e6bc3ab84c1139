package io.daybook.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written for people: comments of settings, and the page of how to go about it. */
class TextsTest {

    private static final Path MANIFESTS = Kustomize.HOME.resolve("k8s");

    private static final Pattern NAMED = Pattern.compile("\\b(service|job|deployment|statefulset)/([a-z-]+)(?: (?:\\d+:)?(\\d+))?");

    private static final Pattern FOLDER = Pattern.compile("\\b(?:k8s|infra)/[a-z/.-]+[a-z]");

    @Test
    void every_setting_has_a_comment() throws IOException {
        List<String> bare = new ArrayList<>();
        int settings = 0;
        for (Path file : files(".env")) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).matches("[A-Z].*")) {
                    settings++;
                    if (i == 0 || !lines.get(i - 1).matches("# \\S.*")) {
                        bare.add(file.getFileName() + ": " + lines.get(i));
                    }
                }
            }
        }
        assertThat(bare).isEmpty();
        assertThat(settings).isGreaterThan(100);
    }

    /** What is not as it is if it is not set: where the stores are, and that jobs migrate. */
    private static final Pattern ELSEWHERE = Pattern.compile("DAYBOOK_(.*(JDBCURL|BOOTSTRAPSERVERS|URI)|MIGRATIONS_ATSTART)");

    /** Property, what it is if it is not set, bounds, meaning. */
    private static final Pattern ROW =
            Pattern.compile("\\| `(daybook\\.[a-z.-]+)` \\| (?:`([^`]*)`)? *\\| ([^|]*) \\| ([^|]+) \\|");

    @Test
    void settings_of_the_base_are_and_say_what_the_page_of_settings_says() throws IOException {
        Set<String> told = new TreeSet<>();
        for (String line : Kustomize.text("docs/operating/settings.md").lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String bounds = row.group(3).strip();
                String meaning = row.group(4).strip().replace("`", "").replaceAll("\\.$", "");
                told.add("# " + meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1)
                        + (bounds.isEmpty() ? "" : " (" + bounds + ")") + "\n"
                        + Settings.variable(row.group(1)) + "=" + (row.group(2) == null ? "" : row.group(2)));
            }
        }
        List<String> others = new ArrayList<>();
        int compared = 0;
        for (String file : List.of("command-side", "projections", "query-side", "kafka", "elasticsearch", "requests")) {
            List<String> lines = Files.readAllLines(MANIFESTS.resolve("base/settings/" + file + ".env"));
            for (int i = 1; i < lines.size(); i++) {
                String variable = lines.get(i).replaceAll("=.*", "");
                if (lines.get(i).matches("[A-Z].*") && !ELSEWHERE.matcher(variable).matches()) {
                    compared++;
                    String setting = lines.get(i - 1) + "\n" + lines.get(i);
                    if (!told.contains(setting)) {
                        others.add(setting);
                    }
                }
            }
        }
        assertThat(others).isEmpty();
        assertThat(compared).isGreaterThan(80);
    }

    @Test
    void what_the_page_names_is_there() throws IOException {
        Kustomize.assumeInstalled();
        String page = Kustomize.text("docs/operating/kubernetes.md");
        Matcher folder = FOLDER.matcher(page);
        while (folder.find()) {
            assertThat(Kustomize.HOME.resolve(folder.group())).exists();
        }
        Matcher named = NAMED.matcher(page);
        int names = 0;
        while (named.find()) {
            names++;
            String port = named.group(3);
            assertThat(Overlays.renderings().values())
                    .as(named.group())
                    .anyMatch(rendering -> isThere(rendering, named.group(1), named.group(2), port));
        }
        assertThat(names).isGreaterThan(5);
    }

    private static boolean isThere(Rendering rendering, String kind, String name, @Nullable String port) {
        if (kind.equals("service") && Operators.services(rendering).containsKey(name)) {
            return true;
        }
        return rendering.resources().stream()
                .filter(resource -> resource.kind().toLowerCase(Locale.ROOT).equals(kind))
                .filter(resource -> resource.name().equals(name))
                .anyMatch(resource -> port == null
                        || resource.json().at("/spec/ports").findValuesAsText("port").contains(port));
    }

    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(MANIFESTS)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
