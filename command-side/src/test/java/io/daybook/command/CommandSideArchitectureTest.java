package io.daybook.command;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.daybook.command", importOptions = ImportOption.DoNotIncludeTests.class)
class CommandSideArchitectureTest {

    @ArchTest
    static final ArchRule the_domain_is_plain_java = classes()
            .that()
            .resideInAPackage("io.daybook.command.ledger")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.daybook.command.ledger",
                    "io.daybook.events",
                    "java..",
                    "org.jspecify.annotations.."); // no framework, and no library

    @ArchTest
    static final ArchRule the_command_side_does_not_know_who_reads = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.daybook.query..", "io.daybook.projections..");

    @ArchTest
    static final ArchRule the_bus_knows_nothing_of_ledgers = noClasses()
            .that()
            .resideInAPackage("io.daybook.command.bus")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.daybook.command.ledger", "io.daybook.command.aggregate", "io.daybook.command.store");

    @ArchTest
    static final ArchRule nothing_below_the_intake_knows_http = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.daybook.command.bus..",
                    "io.daybook.command.aggregate..",
                    "io.daybook.command.store..",
                    "io.daybook.command.publication..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.daybook.http..", "org.springframework.web..", "io.daybook.command.intake..");
}
