package dev.gbpf.isa;

import static dev.gbpf.isa.FieldRule.FREE;
import static dev.gbpf.isa.FieldRule.UNUSED;
import static dev.gbpf.isa.FieldRule.fixed;
import static dev.gbpf.isa.Register.R0;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Builds the rows of {@link Opcode}. The numbers of RFC 9669 stand here and nowhere else.
 *
 * <pre>
 *   arithmetic and jumps   | code (4) | source (1) | class (3) |
 *   loads and stores       | mode (3) | size (2)   | class (3) |
 * </pre>
 */
final class OpcodeTable {
    static final Immediate ZERO = new Immediate(0);

    private static final int LD = 0;
    private static final int LDX = 1;
    private static final int ST = 2;
    private static final int STX = 3;
    private static final int ALU = 4;
    private static final int JMP = 5;
    private static final int JMP32 = 6;
    private static final int ALU64 = 7;

    /** Source operand: immediate, or register. */
    private static final int K = 0x00;

    private static final int X = 0x08;

    private static final int MODE_IMM = 0x00;
    private static final int MODE_MEM = 0x60;
    private static final int MODE_MEMSX = 0x80;
    private static final int MODE_ATOMIC = 0xc0;

    private static final int CODE_NEG = 0x80;
    private static final int CODE_MOV = 0xb0;
    private static final int CODE_END = 0xd0;
    private static final int CODE_JA = 0x00;
    private static final int CODE_CALL = 0x80;
    private static final int CODE_EXIT = 0x90;

    /** Modifier of atomic operations: return the old value. */
    private static final int FETCH = 0x01;

    private final List<Opcode> rows = new ArrayList<>();

    private OpcodeTable() {}

    static List<Opcode> build() {
        OpcodeTable table = new OpcodeTable();
        table.arithmetic();
        table.moves();
        table.byteSwaps();
        table.conditionalJumps();
        table.jumpsAndExit();
        table.calls();
        table.loadsAndStores();
        table.atomics();
        table.wideLoads();
        table.rows.sort(Comparator.comparingInt(Opcode::code)
                .thenComparingInt(o -> o.src().value())
                .thenComparingInt(o -> o.offset().value())
                .thenComparingInt(o -> o.imm().value()));
        return List.copyOf(table.rows);
    }

    private void arithmetic() {
        for (boolean is64 : new boolean[] {false, true}) {
            int cls = is64 ? ALU64 : ALU;
            String suffix = is64 ? "" : "32";
            for (AluOp op : AluOp.values()) {
                FieldRule offset = fixed(op == AluOp.SDIV || op == AluOp.SMOD ? 1 : 0);
                String name = op.name().toLowerCase(Locale.ROOT) + suffix;
                ConformanceGroup group = arithmeticGroup(op, is64);
                add(
                        codeOf(op) | K | cls,
                        name + "_imm",
                        Pseudocode.of(op, is64, "imm"),
                        FREE,
                        UNUSED,
                        offset,
                        FREE,
                        group,
                        "4.1",
                        new Instruction.Alu(op, is64, R0, ZERO));
                add(
                        codeOf(op) | X | cls,
                        name + "_reg",
                        Pseudocode.of(op, is64, "src"),
                        FREE,
                        FREE,
                        offset,
                        UNUSED,
                        group,
                        "4.1",
                        new Instruction.Alu(op, is64, R0, R0));
            }
            add(
                    CODE_NEG | K | cls,
                    "neg" + suffix,
                    is64 ? "dst = -dst" : "dst = (u32)-dst",
                    FREE,
                    UNUSED,
                    UNUSED,
                    UNUSED,
                    base(is64),
                    "4.1",
                    new Instruction.Neg(is64, R0));
        }
    }

    private void moves() {
        for (boolean is64 : new boolean[] {false, true}) {
            int cls = is64 ? ALU64 : ALU;
            String suffix = is64 ? "" : "32";
            add(
                    CODE_MOV | K | cls,
                    "mov" + suffix + "_imm",
                    is64 ? "dst = imm" : "dst = (u32)imm",
                    FREE,
                    UNUSED,
                    UNUSED,
                    FREE,
                    base(is64),
                    "4.1",
                    new Instruction.Mov(is64, 0, R0, ZERO));
            add(
                    CODE_MOV | X | cls,
                    "mov" + suffix + "_reg",
                    is64 ? "dst = src" : "dst = (u32)src",
                    FREE,
                    FREE,
                    UNUSED,
                    UNUSED,
                    base(is64),
                    "4.1",
                    new Instruction.Mov(is64, 0, R0, R0));
            for (int bits = 8; bits <= (is64 ? 32 : 16); bits *= 2) {
                String meaning = is64 ? "dst = (s" + bits + ")src" : "dst = (u32)(s" + bits + ")src";
                add(
                        CODE_MOV | X | cls,
                        "movsx" + bits + (is64 ? "" : "_32"),
                        meaning,
                        FREE,
                        FREE,
                        fixed(bits),
                        UNUSED,
                        base(is64),
                        "4.1",
                        new Instruction.Mov(is64, bits, R0, R0));
            }
        }
    }

    private void byteSwaps() {
        for (int bits = 16; bits <= 64; bits *= 2) {
            ConformanceGroup group = base(bits == 64);
            for (ByteSwapKind kind : ByteSwapKind.values()) {
                int code = switch (kind) {
                    case LE -> CODE_END | K | ALU;
                    case BE -> CODE_END | X | ALU;
                    case SWAP -> CODE_END | K | ALU64;
                };
                String name = switch (kind) {
                    case LE -> "le" + bits;
                    case BE -> "be" + bits;
                    case SWAP -> "bswap" + bits;
                };
                String function = kind == ByteSwapKind.SWAP ? name : "hto" + name;
                add(
                        code,
                        name,
                        "dst = " + function + "(dst)",
                        FREE,
                        UNUSED,
                        UNUSED,
                        fixed(bits),
                        group,
                        "4.2",
                        new Instruction.ByteSwap(kind, bits, R0));
            }
        }
    }

    private void conditionalJumps() {
        for (boolean is64 : new boolean[] {false, true}) {
            int cls = is64 ? JMP : JMP32;
            for (JumpOp op : JumpOp.values()) {
                String name = "j" + op.name().toLowerCase(Locale.ROOT) + (is64 ? "" : "32");
                add(
                        codeOf(op) | K | cls,
                        name + "_imm",
                        Pseudocode.of(op, is64, "imm"),
                        FREE,
                        UNUSED,
                        FREE,
                        FREE,
                        base(is64),
                        "4.3",
                        new Instruction.CondJump(op, is64, R0, ZERO, (short) 0));
                add(
                        codeOf(op) | X | cls,
                        name + "_reg",
                        Pseudocode.of(op, is64, "src"),
                        FREE,
                        FREE,
                        FREE,
                        UNUSED,
                        base(is64),
                        "4.3",
                        new Instruction.CondJump(op, is64, R0, R0, (short) 0));
            }
        }
    }

    private void jumpsAndExit() {
        ConformanceGroup base32 = ConformanceGroup.BASE32;
        Instruction near = new Instruction.Jump(0, false);
        Instruction far = new Instruction.Jump(0, true);
        Instruction exit = new Instruction.Exit();
        add(CODE_JA | K | JMP, "ja", "pc += offset", UNUSED, UNUSED, FREE, UNUSED, base32, "4.3", near);
        add(CODE_JA | K | JMP32, "ja32", "pc += imm", UNUSED, UNUSED, UNUSED, FREE, base32, "4.3", far);
        add(CODE_EXIT | K | JMP, "exit", "return", UNUSED, UNUSED, UNUSED, UNUSED, base32, "4.3", exit);
    }

    private void calls() {
        call(0, "call", "call the helper with number imm", "4.3.1", new Instruction.CallHelper(0));
        call(1, "call_local", "call pc += imm", "4.3.2", new Instruction.CallLocal(0));
        call(2, "call_btf", "call the helper with BTF id imm", "4.3.1", new Instruction.CallBtf(0));
        // Not in the RFC, which defines CALL for immediates only; this is the encoding that LLVM 19 emits.
        String meaning = "call the function whose address is in dst";
        Instruction callx = new Instruction.CallRegister(R0);
        add(CODE_CALL | X | JMP, "callx", meaning, FREE, UNUSED, UNUSED, UNUSED, null, "4.3", callx);
    }

    private void call(int source, String name, String meaning, String section, Instruction shape) {
        ConformanceGroup base32 = ConformanceGroup.BASE32;
        add(CODE_CALL | K | JMP, name, meaning, UNUSED, fixed(source), UNUSED, FREE, base32, section, shape);
    }

    private void loadsAndStores() {
        for (Width width : Width.values()) {
            int size = sizeOf(width);
            ConformanceGroup group = base(width == Width.DW);
            String letter = width.name().toLowerCase(Locale.ROOT);
            String memory = "*(u" + width.bits() + " *)";
            add(
                    MODE_MEM | size | LDX,
                    "ldx" + letter,
                    "dst = " + memory + "(src + offset)",
                    FREE,
                    FREE,
                    FREE,
                    UNUSED,
                    group,
                    "5.1",
                    new Instruction.Load(width, false, R0, R0, (short) 0));
            add(
                    MODE_MEM | size | ST,
                    "st" + letter,
                    memory + "(dst + offset) = imm",
                    FREE,
                    UNUSED,
                    FREE,
                    FREE,
                    group,
                    "5.1",
                    new Instruction.Store(width, R0, (short) 0, ZERO));
            add(
                    MODE_MEM | size | STX,
                    "stx" + letter,
                    memory + "(dst + offset) = src",
                    FREE,
                    FREE,
                    FREE,
                    UNUSED,
                    group,
                    "5.1",
                    new Instruction.Store(width, R0, (short) 0, R0));
            if (width != Width.DW) {
                add(
                        MODE_MEMSX | size | LDX,
                        "ldxs" + letter,
                        "dst = *(s" + width.bits() + " *)(src + offset)",
                        FREE,
                        FREE,
                        FREE,
                        UNUSED,
                        group,
                        "5.2",
                        new Instruction.Load(width, true, R0, R0, (short) 0));
            }
        }
    }

    private void atomics() {
        for (boolean is64 : new boolean[] {false, true}) {
            int code = MODE_ATOMIC | sizeOf(is64 ? Width.DW : Width.W) | STX;
            ConformanceGroup group = is64 ? ConformanceGroup.ATOMIC64 : ConformanceGroup.ATOMIC32;
            for (AtomicOp op : AtomicOp.values()) {
                boolean simple = op != AtomicOp.XCHG && op != AtomicOp.CMPXCHG;
                for (boolean fetch : simple ? new boolean[] {false, true} : new boolean[] {true}) {
                    String name = op.name().toLowerCase(Locale.ROOT) + (is64 ? "" : "32");
                    add(
                            code,
                            "atomic_" + (fetch && simple ? "fetch_" : "") + name,
                            Pseudocode.of(op, is64, fetch),
                            FREE,
                            FREE,
                            FREE,
                            fixed(codeOf(op) | (fetch ? FETCH : 0)),
                            group,
                            "5.3",
                            new Instruction.Atomic(op, is64, fetch, R0, (short) 0, R0));
                }
            }
        }
    }

    private void wideLoads() {
        int code = MODE_IMM | sizeOf(Width.DW) | LD;
        ConformanceGroup base64 = ConformanceGroup.BASE64;
        rows.add(new Opcode(
                code,
                "lddw",
                "dst = (next_imm << 32) | imm",
                FREE,
                fixed(0),
                UNUSED,
                FREE,
                FREE,
                base64,
                "5.4",
                new Instruction.LoadImm64(R0, 0)));
        for (PseudoKind kind : PseudoKind.values()) {
            boolean value = kind == PseudoKind.MAP_VALUE_BY_FD || kind == PseudoKind.MAP_VALUE_BY_INDEX;
            String meaning = switch (kind) {
                case MAP_BY_FD -> "dst = map_by_fd(imm)";
                case MAP_VALUE_BY_FD -> "dst = map_val(map_by_fd(imm)) + next_imm";
                case VARIABLE -> "dst = var_addr(imm)";
                case CODE -> "dst = code_addr(imm)";
                case MAP_BY_INDEX -> "dst = map_by_idx(imm)";
                case MAP_VALUE_BY_INDEX -> "dst = map_val(map_by_idx(imm)) + next_imm";
            };
            String name = "lddw_" + kind.name().toLowerCase(Locale.ROOT);
            rows.add(new Opcode(
                    code,
                    name,
                    meaning,
                    FREE,
                    fixed(kind.source()),
                    UNUSED,
                    FREE,
                    value ? FREE : UNUSED,
                    base64,
                    "5.4",
                    new Instruction.LoadPseudo(kind, R0, 0, 0)));
        }
    }

    private void add(
            int code,
            String mnemonic,
            String meaning,
            FieldRule dst,
            FieldRule src,
            FieldRule offset,
            FieldRule imm,
            @Nullable ConformanceGroup group,
            String section,
            Instruction shape) {
        rows.add(new Opcode(code, mnemonic, meaning, dst, src, offset, imm, null, group, section, shape));
    }

    private static ConformanceGroup base(boolean is64) {
        return is64 ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32;
    }

    private static ConformanceGroup arithmeticGroup(AluOp op, boolean is64) {
        return switch (op) {
            case MUL, DIV, MOD, SDIV, SMOD -> is64 ? ConformanceGroup.DIVMUL64 : ConformanceGroup.DIVMUL32;
            case ADD, SUB, OR, AND, LSH, RSH, XOR, ARSH -> base(is64);
        };
    }

    private static int codeOf(AluOp op) {
        return switch (op) {
            case ADD -> 0x00;
            case SUB -> 0x10;
            case MUL -> 0x20;
            case DIV, SDIV -> 0x30;
            case OR -> 0x40;
            case AND -> 0x50;
            case LSH -> 0x60;
            case RSH -> 0x70;
            case MOD, SMOD -> 0x90;
            case XOR -> 0xa0;
            case ARSH -> 0xc0;
        };
    }

    private static int codeOf(JumpOp op) {
        return switch (op) {
            case EQ -> 0x10;
            case GT -> 0x20;
            case GE -> 0x30;
            case SET -> 0x40;
            case NE -> 0x50;
            case SGT -> 0x60;
            case SGE -> 0x70;
            case LT -> 0xa0;
            case LE -> 0xb0;
            case SLT -> 0xc0;
            case SLE -> 0xd0;
        };
    }

    private static int codeOf(AtomicOp op) {
        return switch (op) {
            case ADD -> 0x00;
            case OR -> 0x40;
            case AND -> 0x50;
            case XOR -> 0xa0;
            case XCHG -> 0xe0;
            case CMPXCHG -> 0xf0;
        };
    }

    private static int sizeOf(Width width) {
        return switch (width) {
            case W -> 0x00;
            case H -> 0x08;
            case B -> 0x10;
            case DW -> 0x18;
        };
    }
}
