package io.daybook.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Migrations that nodes of the release before meet. These go on writing as they did: nothing that they use may be gone, have
 * another name, or take less.
 */
class MigrationsTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/io/daybook/stores/db");

    /** What takes away or takes less, by what it is called here. */
    private static final Map<String, Pattern> CONTRACTIONS = Map.of(
            "drops", Pattern.compile("\\bdrop\\s+(table|column|view|type|schema|sequence|function|default)\\b"),
            "renames", Pattern.compile("\\brename\\b"),
            "changes a type", Pattern.compile("\\balter\\s+column\\s+\\S+\\s+(set\\s+data\\s+)?type\\b"),
            "needs a value", Pattern.compile("\\bset\\s+not\\s+null\\b"),
            "needs a value of a new column",
                    Pattern.compile("\\badd\\s+(column\\s+)?(?!constraint|check|unique|primary|foreign)\\w+\\s+"
                            + "(?=[^,;]*not\\s+null)(?![^,;]*(default|generated))[^,;]+"),
            "has a new rule", Pattern.compile("\\badd\\s+(constraint|check|unique|primary|foreign)\\b"),
            "has a new rule of uniqueness", Pattern.compile("\\bcreate\\s+unique\\s+index\\b"));

    /**
     * Newer migrations that take away what the release before does not use any more: the file, and the release that stopped using
     * it.
     */
    private static final Map<String, String> ALLOWED = Map.of();

    private static List<String> contractions(String sql) {
        // What a migration makes itself, nobody has used before; and comments say more than is done.
        String statements = sql.replaceAll("--[^\n]*", " ").toLowerCase(Locale.ROOT);
        List<String> made = new ArrayList<>();
        Matcher table = Pattern.compile("create\\s+table\\s+(\\w+)").matcher(statements);
        while (table.find()) {
            made.add(table.group(1));
        }
        List<String> found = new ArrayList<>();
        for (String statement : statements.split(";")) {
            if (made.stream()
                    .noneMatch(name -> Pattern.compile("\\b(create table|alter table|on)\\s+(only\\s+)?" + name + "\\b")
                            .matcher(statement)
                            .find())) {
                CONTRACTIONS.forEach((what, pattern) -> {
                    if (pattern.matcher(statement).find()) {
                        found.add(what + ": " + statement.strip().replaceAll("\\s+", " "));
                    }
                });
            }
        }
        return found;
    }

    private static int number(Path migration) {
        Matcher name = Pattern.compile("V(\\d+)__.*\\.sql")
                .matcher(migration.getFileName().toString());
        assertThat(name.matches()).as("%s", migration).isTrue();
        return Integer.parseInt(name.group(1));
    }

    private static List<Path> migrations(String of) {
        try (Stream<Path> files = Files.list(MIGRATIONS.resolve(of))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "event-store," + ReleaseBefore.EVENT_STORE,
        "projections," + ReleaseBefore.SHARED,
        "generation," + ReleaseBefore.BOOKS
    })
    void what_is_newer_than_the_release_before_only_adds(String of, int before) throws IOException {
        assertThat(migrations(of).stream().mapToInt(MigrationsTest::number)).contains(before);
        for (Path migration : migrations(of)) {
            if (number(migration) > before && !ALLOWED.containsKey(of + "/" + migration.getFileName())) {
                assertThat(contractions(Files.readString(migration)))
                        .as("%s: expand first, and contract a release later (CONTRIBUTING.md)", migration)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table event drop column trace | drops",
                "drop table entry | drops",
                "alter table numbered rename to entry | renames",
                "alter table event alter column type set data type int | changes a type",
                "alter table event alter column trace set not null | needs a value",
                "alter table event add column a int, add column b uuid not null | needs a value of a new column",
                "alter table event add constraint x check (sequence > 1) | has a new rule",
                "create unique index on event (trace) | has a new rule of uniqueness"
            })
    void what_takes_away_is_seen(String statement, String what) {
        assertThat(contractions(statement)).singleElement().asString().startsWith(what + ": ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table event add column trace uuid",
                "alter table event add column chain int not null default 1, add column more text",
                "create table more (id uuid not null primary key, what text not null); create unique index on more (what)",
                "create index on event (trace)",
                "alter table event drop constraint too_strict",
                "-- what was renamed: drop table\nselect 1"
            })
    void what_only_adds_is_let_pass(String statement) {
        assertThat(contractions(statement)).isEmpty();
    }

    /** The release before may be one that took away, when nobody ran nodes beside each other yet. */
    @Test
    void what_earlier_releases_took_away_would_be_seen() throws IOException {
        assertThat(contractions(Files.readString(MIGRATIONS.resolve("generation/V3__numbered_balances.sql"))))
                .anyMatch(found -> found.startsWith("drops: drop table entry"));
    }
}
