package io.daybook.projections;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.daybook.projections", importOptions = ImportOption.DoNotIncludeTests.class)
class ProjectionsArchitectureTest {

    @ArchTest
    static final ArchRule projections_know_no_other_side =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.daybook.command..", "io.daybook.query..");

    @ArchTest
    static final ArchRule nothing_imports_back =
            slices().matching("io.daybook.projections.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule one_projection_does_not_know_another = noClasses()
            .that()
            .resideInAPackage("io.daybook.projections.books")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.daybook.projections.balances", "io.daybook.projections.audit");
}
