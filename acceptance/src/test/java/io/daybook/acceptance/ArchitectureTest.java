package io.daybook.acceptance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What may use what, for the whole house; the folders of DESIGN, by the packages that are in them. */
class ArchitectureTest {

    private static final String ROOT = "io.daybook";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ArchitectureTest::isOfTheHouse)
            .importPackages(ROOT);

    /** A module, by its package, and the others that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("events", Set.of()),
            Map.entry("messages", Set.of("events")),
            Map.entry("stores", Set.of("events")),
            Map.entry("axon", Set.of("events", "messages")),
            // In http's folder, as every process has both; but what is below the edge has settings and knows no HTTP.
            Map.entry("settings", Set.of("messages")),
            Map.entry("http", Set.of("events", "messages", "settings")),
            Map.entry("command", Set.of("events", "messages", "stores", "axon", "settings", "http")),
            Map.entry("projections", Set.of("events", "messages", "stores", "axon", "settings", "http")),
            Map.entry("query", Set.of("events", "stores", "settings", "http")),
            Map.entry("installation", Set.of()),
            // But messages and stores only in its proof, see below.
            Map.entry("cli", Set.of("events", "messages", "stores", "installation")),
            Map.entry("services", Set.of("installation")),
            Map.entry("standalone", Set.of("command", "projections", "query", "http", "installation", "services")),
            Map.entry(
                    "bench",
                    Set.of(
                            "events",
                            "messages",
                            "stores",
                            "axon",
                            "settings",
                            "http",
                            "command",
                            "projections",
                            "query",
                            "services")));

    /** What more is forbidden: who may not, what, and why. */
    private record Rule(String who, List<String> from, List<String> except, List<String> what) {

        Rule(String who, List<String> from, List<String> what) {
            this(who, from, List.of(), what);
        }

        @Override
        public String toString() {
            return who;
        }
    }

    private static final List<String> SPRING_AND_AXON = List.of("org.springframework..", "org.axonframework..");
    private static final List<String> JDBC = List.of("java.sql..", "javax.sql..", "org.springframework.jdbc..");

    static final List<Rule> RULES = List.of(
            new Rule(
                    "the published language, and the forms of messages and stores, know no framework",
                    List.of("events", "messages", "stores", "installation"),
                    SPRING_AND_AXON),
            new Rule("the command line starts fast, without a framework", List.of("cli"), SPRING_AND_AXON),
            new Rule(
                    "the command line speaks HTTP; only its proof reads stores and Kafka",
                    List.of("cli"),
                    List.of("cli.proof"),
                    Stream.concat(
                                    JDBC.stream(),
                                    Stream.of("io.daybook.stores..", "io.daybook.messages..", "org.apache.kafka.."))
                            .toList()),
            new Rule("HTTP's edge has no store", List.of("http"), JDBC),
            new Rule(
                    "in the command side SQL stands where its store is, and is published and asked",
                    List.of("command"),
                    List.of(
                            "command.store",
                            "command.publication",
                            "command.aggregate",
                            "command.bus",
                            "command.exports",
                            "command.holds",
                            "command.intake",
                            "command.metrics"),
                    JDBC),
            new Rule(
                    "the bus and the intake know of a database only how it fails",
                    List.of("command.bus", "command.intake"),
                    List.of("javax.sql..", "org.springframework.jdbc..")),
            new Rule(
                    "the bus knows nothing of ledgers",
                    List.of("command.bus"),
                    List.of("io.daybook.command.ledger", "io.daybook.command.aggregate", "io.daybook.command.store")),
            new Rule(
                    "nothing below the intake knows HTTP",
                    List.of("command.bus", "command.aggregate", "command.store", "command.publication"),
                    List.of("io.daybook.http..", "org.springframework.web..", "io.daybook.command.intake..")),
            new Rule(
                    "the books do not know the other projections",
                    List.of("projections.books"),
                    List.of("io.daybook.projections.balances", "io.daybook.projections.audit")),
            new Rule(
                    "what reads stores for queries knows no query",
                    List.of("query.store", "query.request"),
                    Stream.of(
                                    "ledgers",
                                    "accounts",
                                    "transactions",
                                    "events",
                                    "holds",
                                    "balances",
                                    "audit",
                                    "stream",
                                    "commands",
                                    "projections")
                            .map(capability -> "io.daybook.query." + capability)
                            .toList()));

    /** A room that uses nothing but this. */
    private record Sealed(String room, List<String> what) {

        @Override
        public String toString() {
            return room;
        }
    }

    static final List<Sealed> SEALED = List.of(
            new Sealed(
                    "io.daybook.events",
                    List.of(
                            "io.daybook.events",
                            "java..",
                            "com.fasterxml.jackson.annotation..",
                            "org.jspecify.annotations..")),
            // No framework, and no library.
            new Sealed(
                    "io.daybook.command.ledger",
                    List.of("io.daybook.command.ledger", "io.daybook.events", "java..", "org.jspecify.annotations..")));

    @ParameterizedTest
    @FieldSource("SEALED")
    void it_uses_nothing_else(Sealed sealed) {
        classes()
                .that()
                .resideInAPackage(sealed.room())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(sealed.what().toArray(String[]::new))
                .check(HOUSE);
    }

    private static boolean isOfTheHouse(Location location) {
        return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }

    private static String moduleOf(JavaClass type) {
        String inside = type.getPackageName().substring(ROOT.length() + 1);
        int dot = inside.indexOf('.');
        return dot < 0 ? inside : inside.substring(0, dot);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT + ".");
    }

    @Test
    void a_module_uses_only_what_it_may() {
        List<String> forbidden = new ArrayList<>();
        for (JavaClass type : HOUSE) {
            String module = moduleOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(target)
                        && !moduleOf(target).equals(module)
                        && !MAY_USE.getOrDefault(module, Set.of()).contains(moduleOf(target))) {
                    forbidden.add(module + " may not use " + moduleOf(target) + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    /** A module that is not in the table would not be looked at, and one that is gone would stand in it for ever. */
    @Test
    void the_table_has_every_module() {
        Set<String> there = new TreeSet<>();
        HOUSE.forEach(type -> there.add(moduleOf(type)));
        assertThat(there).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    /** Else whoever meets a name has to find out first which of them is meant. */
    @Test
    void a_name_is_of_one_class() {
        Map<String, Set<String>> places = new TreeMap<>();
        HOUSE.stream()
                .filter(type -> isOurs(type) && type.isTopLevelClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .forEach(type -> places.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>())
                        .add(moduleOf(type) + ": " + type.getName()));
        places.keySet().removeAll(BOTH_ENDS);
        places.values().removeIf(of -> of.size() == 1);
        assertThat(places).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void it_is_kept_that(Rule rule) {
        noClasses()
                .that(in(rule.from()))
                .and(DescribedPredicate.not(in(rule.except())))
                .should()
                .dependOnClassesThat(resideInAnyPackage(rule.what().toArray(String[]::new)))
                .check(HOUSE);
    }

    private static DescribedPredicate<JavaClass> in(List<String> packages) {
        return resideInAnyPackage(
                packages.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new));
    }

    @ParameterizedTest
    @FieldSource("CYCLES")
    void no_package_imports_back(String rooms) {
        slices().matching(rooms).should().beFreeOfCycles().check(HOUSE);
    }

    /** What is one thing, on both ends of a call or in both sides. */
    private static final Set<String> BOTH_ENDS =
            Set.of("HoldsController", "ReplayAction", "ReplaySource", "ReplayState");

    static final List<String> CYCLES = List.of(
            "io.daybook.(*)..",
            "io.daybook.http.(*)..",
            "io.daybook.projections.(*)..",
            "io.daybook.query.(*)..",
            "io.daybook.(cli..)",
            "io.daybook.bench.(*)..");
}
