package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.MapDefinition;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints programs as JSON lines in the raw protocol, for a tool that asks the Linux kernel about them: {@link KernelStylePrograms},
 * whose verdicts are kept in {@code linux-verdicts.tsv}; or with the arguments {@code random SEED COUNT} those that
 * {@link OracleComparison} compares, and with {@code accepted} in place of {@code random} those of them that gBPF accepts.
 */
final class OracleInput {
    private OracleInput() {}

    public static void main(String[] arguments) {
        if (arguments.length == 3) {
            boolean acceptedOnly = arguments[0].equals("accepted");
            long first = Long.parseLong(arguments[1]);
            for (long seed = first; seed < first + Long.parseLong(arguments[2]); seed++) {
                Program program = OracleComparison.program(seed);
                if (!acceptedOnly || OracleComparison.isAccepted(program)) {
                    print(Long.toString(seed), program, OracleComparison.MAPS);
                }
            }
            return;
        }
        KernelStylePrograms.all().forEach((name, program) -> print(name, program, PrecisionTest.MAPS));
    }

    private static void print(String id, Program program, List<MapDefinition> maps) {
        String kinds = maps.stream()
                .map(m -> "{\"kind\":\"" + m.kind().keyword() + "\",\"key_size\":" + m.keySize() + ",\"value_size\":"
                        + m.valueSize() + ",\"max_entries\":" + m.maxEntries() + "}")
                .collect(Collectors.joining(","));
        String hex = HexFormat.of().formatHex(InstructionEncoder.encode(byDescriptor(program)));
        System.out.println("{\"id\":\"" + id + "\",\"program_hex\":\"" + hex + "\",\"maps\":[" + kinds + "]}");
    }

    /** The program with maps named as Linux does it, by what stands for a descriptor. */
    private static Program byDescriptor(Program program) {
        List<Instruction> instructions = program.instructions().stream()
                .map(i -> switch (i) {
                    case Instruction.LoadPseudo p
                    when p.kind() == PseudoKind.MAP_BY_INDEX ->
                        new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, p.dst(), p.imm(), p.nextImm());
                    case Instruction.LoadPseudo p
                    when p.kind() == PseudoKind.MAP_VALUE_BY_INDEX ->
                        new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_FD, p.dst(), p.imm(), p.nextImm());
                    default -> i;
                })
                .toList();
        return new Program(instructions);
    }
}
