package io.daybook.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.daybook.query", importOptions = ImportOption.DoNotIncludeTests.class)
class QuerySideArchitectureTest {

    @ArchTest
    static final ArchRule the_query_side_does_not_know_who_writes = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.daybook.command..", "io.daybook.projections..");

    @ArchTest
    static final ArchRule no_package_imports_back =
            slices().matching("io.daybook.query.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_stores_know_no_capability = noClasses()
            .that()
            .resideInAnyPackage("io.daybook.query.store", "io.daybook.query.request")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.daybook.query.ledgers",
                    "io.daybook.query.accounts",
                    "io.daybook.query.transactions",
                    "io.daybook.query.events",
                    "io.daybook.query.holds",
                    "io.daybook.query.balances",
                    "io.daybook.query.audit",
                    "io.daybook.query.stream",
                    "io.daybook.query.commands",
                    "io.daybook.query.projections");
}
