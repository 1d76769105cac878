package dev.gbpf.asm;

import dev.gbpf.asm.TokenStream.Range;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;

/** Parses what 64-bit loads with a meaning load, in the pseudocode of RFC 9669, section 5.4: {@code map_by_idx(0)}. */
final class PseudoParser {
    private final TokenStream in;

    PseudoParser(TokenStream in) {
        this.in = in;
    }

    /** Whether a word begins such a value. */
    static boolean isValue(String word) {
        return switch (word) {
            case "var_addr", "code_addr", "map_by_fd", "map_by_idx", "map_val" -> true;
            default -> false;
        };
    }

    /** The load of the value that follows. */
    Instruction load(Register dst) {
        Token name = in.take();
        return switch (name.text()) {
            case "var_addr" -> new LoadPseudo(PseudoKind.VARIABLE, dst, argument(false), 0);
            case "code_addr" -> new LoadPseudo(PseudoKind.CODE, dst, argument(false), 0);
            case "map_by_fd" -> new LoadPseudo(PseudoKind.MAP_BY_FD, dst, argument(true), 0);
            case "map_by_idx" -> new LoadPseudo(PseudoKind.MAP_BY_INDEX, dst, argument(true), 0);
            case "map_val" -> mapValue(dst);
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        name,
                        "expected a value, found " + name.inWords(),
                        "neither register, number, load nor function",
                        null);
        };
    }

    private Instruction mapValue(Register dst) {
        in.expect("(");
        Token map = in.take();
        PseudoKind kind = switch (map.text()) {
            case "map_by_fd" -> PseudoKind.MAP_VALUE_BY_FD;
            case "map_by_idx" -> PseudoKind.MAP_VALUE_BY_INDEX;
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        map,
                        "expected map_by_fd or map_by_idx, found " + map.inWords(),
                        "expected a map",
                        null);
        };
        int imm = argument(true);
        in.expect(")");
        int offset = 0;
        if (in.peek().is("+") || in.peek().is("-")) {
            offset = (int) in.number(Range.BITS_32, "the offset has 32 bits");
        }
        return new LoadPseudo(kind, dst, imm, offset);
    }

    private int argument(boolean isMap) {
        in.expect("(");
        int value = isMap ? in.map() : (int) in.number(Range.BITS_32, "the immediate has 32 bits");
        in.expect(")");
        return value;
    }
}
