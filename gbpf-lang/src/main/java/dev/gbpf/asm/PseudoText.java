package dev.gbpf.asm;

import dev.gbpf.isa.Instruction.LoadPseudo;

/** What 64-bit loads with a meaning load, in the pseudocode of RFC 9669, section 5.4. */
final class PseudoText {
    private PseudoText() {}

    /**
     * The value.
     *
     * @param imm the first immediate as text, or the name of the map that it counts
     */
    static String of(LoadPseudo i, String imm) {
        return switch (i.kind()) {
            case MAP_BY_FD -> "map_by_fd(" + imm + ")";
            case MAP_VALUE_BY_FD -> "map_val(map_by_fd(" + imm + "))" + LlvmText.plus(i.nextImm());
            case VARIABLE -> "var_addr(" + imm + ")";
            case CODE -> "code_addr(" + imm + ")";
            case MAP_BY_INDEX -> "map_by_idx(" + imm + ")";
            case MAP_VALUE_BY_INDEX -> "map_val(map_by_idx(" + imm + "))" + LlvmText.plus(i.nextImm());
        };
    }
}
