package dev.gbpf.host;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gbpf");

    @Test
    void picocli_isTheCommandLines() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void languageServerProtocol_isTheLanguageServers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.lsp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.lsp4j..", "com.google.gson..")
                .check(CLASSES);
    }

    @Test
    void jackson_isOfThoseThatReadAndWriteDocuments() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.gbpf.host.scenario..",
                        "dev.gbpf.host.report..",
                        "dev.gbpf.host.control..",
                        "dev.gbpf.host.daemon..",
                        "dev.gbpf.host.failsafe..",
                        "dev.gbpf.host.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void standardStreams_areTheCommandLines() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .check(CLASSES);
    }

    @Test
    void exit_isTheCommandLines() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void asm_isTheCompilersToBytecode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.jit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.objectweb.asm..")
                .check(CLASSES);
    }

    @Test
    void metricsLibrary_isTheObservers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(CLASSES);
    }

    @Test
    void cuda_isUnknownHere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jcuda..", "dev.gbpf.cuda..")
                .check(CLASSES);
    }

    @Test
    void hostPackages_haveNoCycles() {
        slices().matching("dev.gbpf.host.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void lowerModules_doNotLookUp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.host..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gbpf.host..")
                .check(CLASSES);
    }

    @Test
    void threads_areMadeInFewPlaces() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.gbpf.host.cli..")
                .should()
                .callConstructorWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                        com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(Thread.class))))
                .check(CLASSES);
    }

    @Test
    void javaUtilLogging_isLeftToALibrary() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.gbpf.host.lsp.LibraryLog")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }
}
