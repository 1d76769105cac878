package dev.gbpf.verifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gbpf.verifier");

    @Test
    void domain_seesNeitherInstructionsNorInterface() {
        noClasses()
                .that()
                .resideInAPackage("dev.gbpf.verifier.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gbpf.isa..",
                        "dev.gbpf.abi..",
                        "dev.gbpf.object..",
                        "dev.gbpf.diagnostic..",
                        "dev.gbpf.asm..")
                .check(CLASSES);
    }

    @Test
    void domain_seesNothingElseOfTheVerifier() {
        noClasses()
                .that()
                .resideInAPackage("dev.gbpf.verifier.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gbpf.verifier",
                        "dev.gbpf.verifier.cfg..",
                        "dev.gbpf.verifier.limit..",
                        "dev.gbpf.verifier.assertion..",
                        "dev.gbpf.verifier.analysis..",
                        "dev.gbpf.verifier.platform..")
                .check(CLASSES);
    }

    @Test
    void controlFlow_seesNoAbstractStates() {
        noClasses()
                .that()
                .resideInAPackage("dev.gbpf.verifier.cfg..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gbpf.verifier.domain..", "dev.gbpf.verifier.analysis..")
                .check(CLASSES);
    }

    @Test
    void verifier_doesNotSeeLanguageOrEncodings() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gbpf.lang..", "dev.gbpf.isa.encoding..")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.gbpf.verifier.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.gbpf.verifier.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gbpf.verifier")
                .check(CLASSES);
    }

    @Test
    void verifier_printsNothing() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }
}
