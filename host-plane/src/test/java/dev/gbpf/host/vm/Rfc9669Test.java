package dev.gbpf.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.jit.JitFixtures;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of RFC 9669, section by section, on all engines; the table of cases is {@code rfc9669.txt}. */
class Rfc9669Test {
    private static final MapDefinition MAP = new MapDefinition("m", MapKind.ARRAY, 4, 16, 2)
            .withInitial(InitialContents.of(HexFormat.of().parseHex("1122334455667788")));

    @TestFactory
    List<DynamicContainer> rule_ofTheRfc_holdsInAllEngines() throws IOException {
        List<DynamicContainer> sections = new ArrayList<>();
        String section = "";
        List<DynamicTest> cases = new ArrayList<>();
        for (String line : table()) {
            if (line.startsWith("## ")) {
                close(section, cases, sections);
                section = line.substring("## ".length());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                cases.add(test(section, line));
            }
        }
        close(section, cases, sections);
        assertThat(sections).hasSize(12);
        return sections;
    }

    private static void close(String section, List<DynamicTest> cases, List<DynamicContainer> sections) {
        if (!cases.isEmpty()) {
            sections.add(DynamicContainer.dynamicContainer("RFC 9669, section " + section, List.copyOf(cases)));
            cases.clear();
        }
    }

    private static DynamicTest test(String section, String line) {
        String[] parts = line.split(" \\| ", -1);
        assertThat(parts).as(line).hasSize(3);
        String number = section.substring(0, section.indexOf(' '));
        String program = parts[1];
        return DynamicTest.dynamicTest("section " + number + ": " + parts[0], () -> {
            if (program.startsWith("!")) {
                refuse(program.substring(1), parts[2]);
            } else {
                run(program, number(parts[2]));
            }
        });
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    private static void refuse(String hex, String section) {
        EncodingException refusal = catchThrowableOfType(
                EncodingException.class,
                () -> InstructionDecoder.decode(HexFormat.of().parseHex(hex)));
        assertThat(refusal).isNotNull();
        assertThat(refusal.section()).isEqualTo(section);
        assertThat(refusal).hasMessageContaining("(RFC 9669, section " + section + ")");
    }

    private static void run(String text, long expected) {
        AssemblyResult result = Assembler.assemble(new SourceFile("case", text));
        assertThat(result).isInstanceOf(AssemblyResult.Assembled.class);
        byte[] bytes = InstructionEncoder.encode(((AssemblyResult.Assembled) result).program());
        Program program = InstructionDecoder.decode(bytes);
        try (BpfMap map = MapFactory.create(MAP)) {
            List<BpfMap> maps = List.of(map);
            HelperDispatcher dispatcher = new HelperDispatcher(maps);
            HelperCalls helpers = (id, r1, r2, r3, r4, r5, services) -> id == Helper.DSQ_MOVE.id()
                    ? r1 + 2 * r2 + 3 * r3
                    : dispatcher.call(id, r1, r2, r3, r4, r5, services);
            assertThat(Engines.checked(program, maps, helpers)).as("checked").isEqualTo(expected);
            assertThat(Engines.fast(program, maps, helpers)).as("fast").isEqualTo(expected);
            for (int limit : new int[] {Short.MAX_VALUE, JitFixtures.TINY_METHODS}) {
                assertThat(Engines.compiled(program, maps, helpers, limit))
                        .as("compiled, limit=" + limit)
                        .isEqualTo(expected);
            }
        }
    }

    private static List<String> table() throws IOException {
        try (InputStream in = Objects.requireNonNull(Rfc9669Test.class.getResourceAsStream("rfc9669.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
