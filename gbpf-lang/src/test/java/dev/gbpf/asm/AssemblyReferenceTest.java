package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Program;
import dev.gbpf.lang.testing.ExpectedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code docs/assembly.md} shows is so. */
class AssemblyReferenceTest {
    private static final String PAGE =
            ExpectedText.read(Path.of(System.getProperty("gbpf.root", ".."), "docs", "assembly.md"));
    private static final Pattern FENCE = Pattern.compile("```gasm\n(.*?)\n```", Pattern.DOTALL);
    /** A row with an instruction in both styles. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\|.*\\|$");

    @TestFactory
    Stream<DynamicTest> row_ofBothStyles_isOneInstruction() {
        List<DynamicTest> tests = new ArrayList<>();
        Matcher row = ROW.matcher(PAGE);
        while (row.find()) {
            String llvm = row.group(1);
            String mnemonic = row.group(2);
            tests.add(DynamicTest.dynamicTest(
                    llvm, () -> assertThat(assembled(mnemonic)).isEqualTo(assembled(llvm))));
        }
        assertThat(tests).hasSizeGreaterThan(25);
        return tests.stream();
    }

    @Test
    void policy_ofThePage_assembles() {
        Matcher fence = FENCE.matcher(PAGE);
        assertThat(fence.find()).isTrue();
        assertThat(PolicyAssembler.assemble(new SourceFile("t.gasm", fence.group(1))))
                .isInstanceOf(PolicyAssemblyResult.Assembled.class);
    }

    private static Program assembled(String source) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.gasm", source));
        assertThat(result).as(source).isInstanceOf(Assembled.class);
        return ((Assembled) result).program();
    }
}
