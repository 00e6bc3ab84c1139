package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.stores.BooksDatabase;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.audit.AuditField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The form of what is stored is declared in {@code stores} alone: no other module's sources name a key, an index, a field or a
 * schema, and none writes the SQL of another.
 */
class StoredFormsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** String literals, text blocks first. */
    private static final Pattern LITERAL =
            Pattern.compile("\"\"\"(?<block>.*?)\"\"\"|\"(?<line>(?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);

    private static final Pattern COMMENT =
            Pattern.compile("/\\*\\*.*?\\*/|^\\s*//.*?$", Pattern.DOTALL | Pattern.MULTILINE);

    /** Two literals that are one string. */
    private static final Pattern JOIN = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern SQL = Pattern.compile(
            "^\\s*(with \\w+ as \\(|select\\b.*\\b(from|case)\\b|insert into\\b|update \\w+\\b.*\\bset\\b|delete from\\b|create (table|schema)\\b)",
            Pattern.DOTALL);

    /** Where SQL stands: a side's packages for its stores, the proof, and what starts servers or is measured against Daybook. */
    private static final List<String> SQL_STANDS_IN = List.of(
            "stores/",
            "bench/",
            "infra/services/",
            "cli/src/main/java/io/daybook/cli/proof/",
            "axon/src/main/java/io/daybook/axon/Tokens.java",
            "command-side/src/main/java/io/daybook/command/store/",
            "command-side/src/main/java/io/daybook/command/publication/",
            "command-side/src/main/java/io/daybook/command/metrics/EventStoreMetrics.java",
            "projections/src/main/java/io/daybook/projections/audit/",
            "projections/src/main/java/io/daybook/projections/books/",
            "projections/src/main/java/io/daybook/projections/feed/",
            "projections/src/main/java/io/daybook/projections/guard/",
            "projections/src/main/java/io/daybook/projections/journal/",
            "projections/src/main/java/io/daybook/projections/metrics/",
            "projections/src/main/java/io/daybook/projections/posting/",
            "projections/src/main/java/io/daybook/projections/replay/",
            "projections/src/main/java/io/daybook/projections/status/",
            "query-side/src/main/java/io/daybook/query/store/",
            "query-side/src/main/java/io/daybook/query/stream/LedgerHistory.java");

    /** What is read of the books for one capability stands beside it, in a class of that name. */
    private static final String QUERIES = "query-side/src/main/java/io/daybook/query/\\w+/\\w+Queries\\.java";

    /** The Elastic Common Schema's names that the log has, too. */
    private static final Set<AuditField> LOGGED = Set.of(AuditField.REQUEST_ID, AuditField.TRACE_ID);

    /** What a statement of SQL has in common with another by chance is shorter, in words. */
    private static final int LONG_STATEMENT = 6;

    private record Literal(String file, String text) {

        String module() {
            String[] names = file.split("/");
            return names[0].equals("infra") ? names[1] : names[0];
        }
    }

    private static List<Literal> literals;

    @BeforeAll
    static void read() throws IOException {
        literals = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .forEach(StoredFormsTest::read);
        }
    }

    private static void read(Path file) {
        try {
            String source = JOIN.matcher(COMMENT.matcher(Files.readString(file)).replaceAll(""))
                    .replaceAll("");
            Matcher literal = LITERAL.matcher(source);
            while (literal.find()) {
                String text = literal.group("block") == null ? literal.group("line") : literal.group("block");
                literals.add(new Literal(ROOT.relativize(file).toString(), text));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Literal> elsewhere() {
        return literals.stream().filter(literal -> !literal.module().equals("stores"));
    }

    @Test
    void all_modules_are_read() {
        assertThat(literals.stream().map(Literal::module).distinct())
                .contains("stores", "command-side", "projections", "query-side", "cli", "bench", "http", "messages");
        assertThat(literals).anyMatch(literal -> literal.text().equals("daybook:generation"));
    }

    @Test
    void keys_of_redis_are_named_in_stores_alone() {
        Pattern key = Pattern.compile("^daybook:$|daybook:(\\{|generation|command:)"
                + "|\\}:(sequence|writer|accounts|account:|notices)|^(in|out|held):$");
        assertThat(elsewhere().filter(literal -> key.matcher(literal.text()).find()))
                .isEmpty();
    }

    @Test
    void indices_are_named_in_stores_alone() {
        Set<String> names = Set.of("-events", "-requests", "-projections", "-events-*", "-requests*");
        assertThat(elsewhere().filter(literal -> names.contains(literal.text())))
                .isEmpty();
    }

    /** Metrics have names of their own, and some are alike. */
    @Test
    void fields_of_the_audit_are_named_in_stores_alone() {
        List<String> fields = Arrays.stream(AuditField.values())
                .filter(field -> !LOGGED.contains(field) && field.path().contains("."))
                .flatMap(field -> Stream.of(field.path(), "/" + field.path().replace('.', '/')))
                .toList();
        assertThat(elsewhere()
                        .filter(literal -> !literal.file().contains("/metrics/"))
                        .filter(literal -> fields.stream()
                                .anyMatch(field -> literal.text().equals(field)
                                        || literal.text().contains("\"" + field + "\"")
                                        || literal.text().contains("\\\"" + field + "\\\""))))
                .isEmpty();
    }

    /** It cannot take them from there: so what it names must be there. */
    @Test
    void kibana_names_fields_that_are_declared() throws IOException {
        String objects = Files.readString(ROOT.resolve("infra/kibana/daybook.ndjson"));
        Set<String> named = new TreeSet<>();
        Matcher field = Pattern.compile("\"(?:sourceField|fieldName|timeFieldName)\\\\*\":\\\\*\"([^\"\\\\]+)")
                .matcher(objects);
        while (field.find()) {
            named.add(field.group(1));
        }
        named.remove("___records___"); // Kibana's name for documents themselves
        assertThat(named)
                .hasSizeGreaterThan(10)
                .isSubsetOf(
                        Arrays.stream(AuditField.values()).map(AuditField::path).toList());
    }

    @Test
    void schemas_and_migrations_are_named_in_stores_alone() {
        Set<String> names = Set.of(
                BooksDatabase.SEARCH_PATH,
                BooksDatabase.ASIDE_SEARCH_PATH,
                BooksDatabase.MIGRATIONS,
                BooksDatabase.SHARED_MIGRATIONS,
                JournalQueries.MIGRATIONS);
        assertThat(elsewhere().filter(literal -> names.contains(literal.text())))
                .isEmpty();
    }

    @Test
    void sql_stands_only_where_a_store_is_dealt_with() {
        assertThat(literals.stream()
                        .filter(literal -> SQL.matcher(literal.text()).find())
                        .filter(literal -> !literal.file().matches(QUERIES)
                                && SQL_STANDS_IN.stream().noneMatch(literal.file()::startsWith)))
                .isEmpty();
    }

    @Test
    void no_module_writes_the_sql_of_another() {
        Map<String, Set<String>> modules = new TreeMap<>();
        literals.stream().filter(literal -> SQL.matcher(literal.text()).find()).forEach(literal -> {
            String statement = literal.text().strip().replaceAll("\\s+", " ");
            if (statement.split(" ").length >= LONG_STATEMENT) {
                modules.computeIfAbsent(statement, text -> new TreeSet<>()).add(literal.module());
            }
        });
        assertThat(modules.entrySet().stream().filter(entry -> entry.getValue().size() > 1))
                .isEmpty();
    }
}
