package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Prints {@link KernelStylePrograms} as JSON lines in the raw protocol, for a tool that asks the Linux kernel about them. What it
 * answers is kept in {@code linux-verdicts.tsv}.
 */
final class OracleInput {
    private static final String MAPS = "[{\"kind\":\"array\",\"key_size\":4,\"value_size\":" + KernelStylePrograms.VALUE_SIZE
            + ",\"max_entries\":4},{\"kind\":\"hash\",\"key_size\":8,\"value_size\":48,\"max_entries\":8}]";

    private OracleInput() {}

    public static void main(String[] arguments) {
        for (Map.Entry<String, Program> entry : KernelStylePrograms.all().entrySet()) {
            String hex = HexFormat.of().formatHex(InstructionEncoder.encode(byDescriptor(entry.getValue())));
            System.out.println("{\"id\":\"" + entry.getKey() + "\",\"program_hex\":\"" + hex + "\",\"maps\":" + MAPS + "}");
        }
    }

    /** The program with maps named as Linux does it, by what stands for a descriptor. */
    private static Program byDescriptor(Program program) {
        List<Instruction> instructions = program.instructions().stream()
                .map(i -> switch (i) {
                    case Instruction.LoadPseudo p when p.kind() == PseudoKind.MAP_BY_INDEX ->
                        new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, p.dst(), p.imm(), p.nextImm());
                    case Instruction.LoadPseudo p when p.kind() == PseudoKind.MAP_VALUE_BY_INDEX ->
                        new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_FD, p.dst(), p.imm(), p.nextImm());
                    default -> i;
                })
                .toList();
        return new Program(instructions);
    }
}
