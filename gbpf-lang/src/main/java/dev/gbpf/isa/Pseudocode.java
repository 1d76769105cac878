package dev.gbpf.isa;

/** What the rows of the opcode table do, in the pseudocode of RFC 9669. */
final class Pseudocode {
    private Pseudocode() {}

    static String of(AluOp op, boolean is64, String source) {
        boolean signed = op == AluOp.SDIV || op == AluOp.SMOD || op == AluOp.ARSH;
        String half = is64 ? "" : signed ? "(s32)" : "(u32)";
        String dst = half + "dst";
        String src = half + source;
        String shift = " (" + source + " & " + (is64 ? "63" : "31") + ")";
        String value = switch (op) {
            case ADD -> dst + " + " + src;
            case SUB -> dst + " - " + src;
            case MUL -> dst + " * " + src;
            case DIV -> src + " != 0 ? " + dst + " / " + src + " : 0";
            case OR -> dst + " | " + src;
            case AND -> dst + " & " + src;
            case LSH -> dst + " <<" + shift;
            case RSH -> dst + " >>" + shift;
            case MOD -> src + " != 0 ? " + dst + " % " + src + " : " + dst;
            case XOR -> dst + " ^ " + src;
            case ARSH -> dst + " s>>" + shift;
            case SDIV -> src + " != 0 ? " + dst + " s/ " + src + " : 0";
            case SMOD -> src + " != 0 ? " + dst + " s% " + src + " : " + dst;
        };
        return is64 ? "dst = " + value : "dst = (u32)(" + value + ")";
    }

    static String of(JumpOp op, boolean is64, String src) {
        String symbol = switch (op) {
            case EQ -> "==";
            case GT -> ">";
            case GE -> ">=";
            case SET -> "&";
            case NE -> "!=";
            case SGT -> "s>";
            case SGE -> "s>=";
            case LT -> "<";
            case LE -> "<=";
            case SLT -> "s<";
            case SLE -> "s<=";
        };
        String half = is64 ? "" : symbol.startsWith("s") ? "(s32)" : "(u32)";
        return "if " + half + "dst " + symbol + " " + half + src + " pc += offset";
    }

    static String of(AtomicOp op, boolean is64, boolean fetch) {
        String memory = (is64 ? "*(u64 *)" : "*(u32 *)") + "(dst + offset)";
        String plain = switch (op) {
            case ADD -> memory + " += src";
            case OR -> memory + " |= src";
            case AND -> memory + " &= src";
            case XOR -> memory + " ^= src";
            case XCHG -> "src <-> " + memory;
            case CMPXCHG -> "old = " + memory + "; if old == r0 " + memory + " = src; r0 = old";
        };
        boolean simple = op != AtomicOp.XCHG && op != AtomicOp.CMPXCHG;
        return fetch && simple ? "old = " + memory + "; " + plain + "; src = old" : plain;
    }
}
