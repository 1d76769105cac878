package dev.gbpf.asm;

import dev.gbpf.asm.AssemblyParser.Address;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.asm.TokenStream.Range;
import dev.gbpf.asm.TokenStream.RegisterName;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.Map;
import java.util.Optional;

/** Parses the instructions that begin with a register: arithmetic, moves, loads, and atomic operations with a result. */
final class AssignmentParser {
    private static final String FETCH_PREFIX = "atomic_fetch_";
    private static final Map<String, ByteSwap> BYTE_SWAPS = Map.of(
            "le16", swap(ByteSwapKind.LE, 16),
            "le32", swap(ByteSwapKind.LE, 32),
            "le64", swap(ByteSwapKind.LE, 64),
            "be16", swap(ByteSwapKind.BE, 16),
            "be32", swap(ByteSwapKind.BE, 32),
            "be64", swap(ByteSwapKind.BE, 64),
            "bswap16", swap(ByteSwapKind.SWAP, 16),
            "bswap32", swap(ByteSwapKind.SWAP, 32),
            "bswap64", swap(ByteSwapKind.SWAP, 64));

    private final TokenStream in;

    AssignmentParser(TokenStream in) {
        this.in = in;
    }

    private static ByteSwap swap(ByteSwapKind kind, int bits) {
        return new ByteSwap(kind, bits, Register.R0);
    }

    Instruction assignment() {
        RegisterName dst = in.register();
        Optional<AluOp> op = Operators.alu(in.peek().text());
        if (op.isPresent()) {
            in.take();
            return new Alu(op.get(), dst.is64(), dst.register(), AssemblyParser.operand(in, dst.is64()));
        }
        if (!in.accept("=")) {
            throw in.unexpected("'=' or an operation like '+='");
        }
        return value(dst);
    }

    private Instruction value(RegisterName dst) {
        Token token = in.peek();
        if (in.atRegister()) {
            return new Mov(dst.is64(), 0, dst.register(), in.register(dst.is64()));
        }
        if (token.is("*")) {
            return load(dst);
        }
        if (token.is("(")) {
            return signExtension(dst);
        }
        if (token.is("-") && TokenStream.register(in.peek(1)) != null) {
            in.take();
            in.sameRegister(dst.register(), dst.is64(), "negation has one register");
            return new Neg(dst.is64(), dst.register());
        }
        if (PseudoParser.isValue(token.text())) {
            return new PseudoParser(in).load(wide(dst));
        }
        if (token.kind() == Kind.WORD && !in.atNamedNumber()) {
            return named(dst);
        }
        return constant(dst);
    }

    private Instruction constant(RegisterName dst) {
        boolean negative = in.accept("-");
        boolean isWide = in.peek(1).is("ll");
        if (!isWide) {
            return new Mov(dst.is64(), 0, dst.register(), new Immediate((int) in.number(
                    dst.is64() ? Range.SIGNED_32 : Range.BITS_32,
                    dst.is64() ? AssemblyParser.SIGN_EXTENSION_HELP : "the immediate has 32 bits",
                    negative)));
        }
        long value = in.number(Range.BITS_64, "the immediate has 64 bits", negative);
        in.expect("ll");
        return new LoadImm64(wide(dst), value);
    }

    private Instruction load(RegisterName dst) {
        in.expect("*");
        in.expect("(");
        Token type = in.take();
        boolean signed = type.text().startsWith("s");
        Width width = width(type);
        if (signed && width == Width.DW) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS, type, "a load of 8 bytes has no sign to extend", "expected u64", null);
        }
        in.expect("*");
        in.expect(")");
        Address address = AssemblyParser.address(in);
        if (!dst.is64() && (signed || width == Width.DW)) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    dst.token(),
                    "this load fills all 64 bits of its register",
                    "expected r" + dst.register().number(),
                    null);
        }
        return new Load(width, signed, dst.register(), address.base(), address.offset());
    }

    private Instruction signExtension(RegisterName dst) {
        in.expect("(");
        Token type = in.take();
        int bits = switch (type.text()) {
            case "s8" -> 8;
            case "s16" -> 16;
            case "s32" -> 32;
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        type,
                        "expected s8, s16 or s32, found " + type.inWords(),
                        "expected s8, s16 or s32",
                        null);
        };
        in.expect(")");
        if (bits == 32 && !dst.is64()) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    type,
                    "32 bits cannot be extended to 32 bits",
                    "expected s8 or s16",
                    "write '" + dst.token().text() + " = w...' to move them");
        }
        return new Mov(dst.is64(), bits, dst.register(), in.register(dst.is64()));
    }

    private Instruction named(RegisterName dst) {
        Token name = in.take();
        ByteSwap swap = BYTE_SWAPS.get(name.text());
        if (swap != null) {
            in.sameRegister(wide(dst), true, "a byte swap has one register");
            return new ByteSwap(swap.kind(), swap.bits(), dst.register());
        }
        if (name.text().startsWith(FETCH_PREFIX)) {
            return fetch(dst, name);
        }
        return switch (name.text()) {
            case "xchg_64" -> exchange(dst, true);
            case "xchg32_32" -> exchange(dst, false);
            case "cmpxchg_64" -> compareExchange(dst, true);
            case "cmpxchg32_32" -> compareExchange(dst, false);
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        name,
                        "expected a value, found " + name.inWords(),
                        "neither register, number, load nor function",
                        null);
        };
    }

    private Instruction fetch(RegisterName dst, Token name) {
        AtomicOp op = Operators.atomic(name.text().substring(FETCH_PREFIX.length()))
                .filter(o -> !Operators.alwaysFetches(o))
                .orElseThrow(() -> new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        name,
                        name.inWords() + " is no atomic operation",
                        "expected add, or, and or xor after " + FETCH_PREFIX,
                        null));
        in.expect("(");
        in.expect("(");
        Token type = in.take();
        boolean is64 = atomicWidth(unsigned(type), type);
        in.expect("*");
        in.expect(")");
        Address address = AssemblyParser.address(in);
        return new Atomic(op, is64, true, address.base(), address.offset(), result(dst, is64));
    }

    private Instruction exchange(RegisterName dst, boolean is64) {
        in.expect("(");
        Address address = AssemblyParser.bareAddress(in);
        return new Atomic(AtomicOp.XCHG, is64, true, address.base(), address.offset(), result(dst, is64));
    }

    /** {@code , src)} of an operation that leaves the old value in {@code src}, which is also what the statement assigns. */
    private Register result(RegisterName dst, boolean is64) {
        in.expect(",");
        form(dst, is64);
        in.sameRegister(dst.register(), is64, "the old value goes to the register that held the operand");
        in.expect(")");
        return dst.register();
    }

    private Instruction compareExchange(RegisterName dst, boolean is64) {
        form(dst, is64);
        if (dst.register() != Register.R0) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    dst.token(),
                    "compare and exchange leaves the old value in r0",
                    "expected " + (is64 ? "r0" : "w0"),
                    null);
        }
        in.expect("(");
        Address address = AssemblyParser.bareAddress(in);
        in.expect(",");
        in.sameRegister(Register.R0, is64, "compare and exchange compares with r0");
        in.expect(",");
        Register src = in.register(is64);
        in.expect(")");
        return new Atomic(AtomicOp.CMPXCHG, is64, true, address.base(), address.offset(), src);
    }

    /** The destination of an instruction that has only a 64-bit form. */
    private static Register wide(RegisterName dst) {
        form(dst, true);
        return dst.register();
    }

    private static void form(RegisterName dst, boolean is64) {
        if (dst.is64() != is64) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    dst.token(),
                    "this instruction has " + (is64 ? "64" : "32") + " bits",
                    "expected " + (is64 ? "r" : "w") + dst.register().number(),
                    null);
        }
    }

    /** {@code *(u32 *)}. */
    static Width unsignedType(TokenStream in) {
        in.expect("*");
        in.expect("(");
        Width width = unsigned(in.take());
        in.expect("*");
        in.expect(")");
        return width;
    }

    private static Width unsigned(Token type) {
        if (type.text().startsWith("s")) {
            throw new AssemblyException(
                    AssemblyProblem.SYNTAX,
                    type,
                    "expected u8, u16, u32 or u64, found " + type.inWords(),
                    "unsigned",
                    null);
        }
        return width(type);
    }

    private static Width width(Token type) {
        return switch (type.text()) {
            case "u8", "s8" -> Width.B;
            case "u16", "s16" -> Width.H;
            case "u32", "s32" -> Width.W;
            case "u64", "s64" -> Width.DW;
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        type,
                        "expected a type like u32, found " + type.inWords(),
                        "expected u8, u16, u32 or u64",
                        null);
        };
    }

    /** Whether an atomic operation of this width is the 64-bit one. */
    static boolean atomicWidth(Width width, Token type) {
        if (width != Width.W && width != Width.DW) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    type,
                    "atomic operations are 4 or 8 bytes wide",
                    "expected u32 or u64",
                    null);
        }
        return width == Width.DW;
    }
}
