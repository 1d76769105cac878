package dev.gbpf.cuda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gbpf");

    @Test
    void jcuda_isTheDriverPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.cuda.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jcuda..")
                .check(CLASSES);
    }

    @Test
    void nativeCode_isCalledInFewPlaces() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.gbpf.cuda.driver..",
                        "dev.gbpf.cuda.cpu..",
                        "dev.gbpf.host.interpose..",
                        "dev.gbpf.host.memory..",
                        "dev.gbpf.host.thread..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(SymbolLookup.class)
                .check(CLASSES);
    }

    @Test
    void standardStreams_areTheCommandLines() {
        noClasses()
                .that()
                .resideInAPackage("dev.gbpf.cuda..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void otherModules_doNotKnowThisOne() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gbpf.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gbpf.cuda..")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.gbpf.cuda.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
