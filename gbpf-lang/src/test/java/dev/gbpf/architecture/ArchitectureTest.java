package dev.gbpf.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The walls inside this module. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gbpf");

    @Test
    void classes_areFound() {
        assertThat(CLASSES).hasSizeGreaterThan(50);
    }

    @Test
    void isa_needsNothingButJavaBase() {
        allowed("dev.gbpf.isa..", "dev.gbpf.isa..").check(CLASSES);
    }

    @Test
    void diagnostic_needsNothingButJavaBase() {
        allowed("dev.gbpf.diagnostic..", "dev.gbpf.diagnostic..").check(CLASSES);
    }

    @Test
    void abi_needsTheIsaOnly() {
        allowed("dev.gbpf.abi..", "dev.gbpf.abi..", "dev.gbpf.isa..").check(CLASSES);
    }

    @Test
    void object_needsIsaAbiAndDiagnosticOnly() {
        allowed("dev.gbpf.object..", "dev.gbpf.object..", "dev.gbpf.isa..", "dev.gbpf.abi..", "dev.gbpf.diagnostic..")
                .check(CLASSES);
    }

    @Test
    void antlr_isUsedByTheParsersOnly() {
        noClasses()
                .that(not(resideInAnyPackage("dev.gbpf.lang.syntax..", "dev.gbpf.asm..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.antlr..")
                .check(CLASSES);
    }

    @Test
    void jackson_isNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.gbpf.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void phasesOfTheCompiler_haveNoCycles() {
        slices().matching("dev.gbpf.lang.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.gbpf.lang.codegen..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gbpf.lang.syntax..")
                .check(CLASSES);
    }

    @Test
    void generatedParser_isUsedByItsPackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.lang.syntax..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.gbpf.lang.syntax..").and(simpleNameStartingWith("Gbpf")))
                .check(CLASSES);
    }

    @Test
    void exceptions_areUnchecked() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Exception")
                .should()
                .beAssignableTo(RuntimeException.class)
                .check(CLASSES);
    }

    @Test
    void standardStreams_areNotUsed() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void staticFields_areFinal() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("dev.gbpf.lang.syntax..")
                .should()
                .beFinal()
                .check(CLASSES);
    }

    /** Classes of {@code from} depend on {@code to} and the class library's {@code java.base}, nothing else. */
    private static ArchRule allowed(String from, String... to) {
        String[] all = new String[to.length + 7];
        System.arraycopy(to, 0, all, 0, to.length);
        String[] base = {
            "java.lang..", "java.util..", "java.io..", "java.nio..", "java.math..", "java.security..", "org.jspecify.."
        };
        System.arraycopy(base, 0, all, to.length, base.length);
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all);
    }
}
