package io.daybook.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.daybook.cli", importOptions = DoNotIncludeTests.class)
class CliArchitectureTest {

    @ArchTest
    static final ArchRule no_package_imports_back =
            slices().matching("io.daybook.(cli..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule of_Daybook_it_knows_only_the_published_language = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.daybook.command..",
                    "io.daybook.projections..",
                    "io.daybook.query..",
                    "io.daybook.http..",
                    "io.daybook.standalone..");

    @ArchTest
    static final ArchRule it_starts_fast_without_a_framework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.axonframework..");

    /** The proof reads stores, as it is a proof of them; all else asks those who own them. */
    @ArchTest
    static final ArchRule only_the_proof_reads_stores = noClasses()
            .that()
            .resideOutsideOfPackage("io.daybook.cli.proof..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.apache.kafka..", "io.daybook.stores..");
}
