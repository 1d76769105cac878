package dev.gbpf.isa;

import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Instruction.Store;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Arbitrary instructions and programs: everything that can be encoded, whether or not it makes sense. Kinds are equally
 * likely, and immediates and offsets favour their edges.
 */
public final class InstructionArbitraries {
    private InstructionArbitraries() {}

    public static Arbitrary<Register> registers() {
        return Arbitraries.of(Register.class);
    }

    public static Arbitrary<Integer> immediates() {
        return Arbitraries.integers();
    }

    public static Arbitrary<Short> offsets() {
        return Arbitraries.shorts();
    }

    /** A register or an immediate. */
    public static Arbitrary<Operand> operands() {
        return Arbitraries.oneOf(registers(), immediates().map(Immediate::new));
    }

    /** Any instruction. */
    public static Arbitrary<Instruction> instructions() {
        return Arbitraries.oneOf(
                arithmetic(),
                moves(),
                Combinators.combine(bools(), registers()).as(Neg::new),
                Combinators.combine(Arbitraries.of(ByteSwapKind.class), Arbitraries.of(16, 32, 64), registers())
                        .as(ByteSwap::new),
                Combinators.combine(registers(), Arbitraries.longs()).as(LoadImm64::new),
                pseudoLoads(),
                loads(),
                Combinators.combine(Arbitraries.of(Width.class), registers(), offsets(), operands())
                        .as(Store::new),
                atomics(),
                jumps(),
                Combinators.combine(Arbitraries.of(JumpOp.class), bools(), registers(), operands(), offsets())
                        .as(CondJump::new),
                immediates().map(CallHelper::new),
                immediates().map(CallLocal::new),
                immediates().map(CallBtf::new),
                registers().map(CallRegister::new),
                Arbitraries.of(new Exit()));
    }

    /** Programs of 0 to {@code maxSize} arbitrary instructions; jumps lead anywhere. */
    public static Arbitrary<Program> programs(int maxSize) {
        return instructions().list().ofMaxSize(maxSize).map(Program::new);
    }

    /** Programs whose jumps and local calls mostly lead to places within them. */
    public static Arbitrary<Program> localPrograms(int maxSize) {
        return programs(maxSize).map(InstructionArbitraries::withNearJumps);
    }

    /** The same program with the offsets of jumps and local calls made small. */
    public static Program withNearJumps(Program program) {
        int slots = Math.max(1, program.slots());
        return new Program(program.instructions().stream()
                .map(instruction -> near(instruction, slots))
                .toList());
    }

    /** The same instruction with its offset, if it has one, taken modulo the length of the program, in both directions. */
    private static Instruction near(Instruction instruction, int slots) {
        return switch (instruction) {
            case Jump i -> new Jump(i.offset() % slots, i.isLong());
            case CondJump i -> new CondJump(i.op(), i.is64(), i.left(), i.right(), (short) (i.offset() % slots));
            case CallLocal i -> new CallLocal(i.offset() % slots);
            default -> instruction;
        };
    }

    private static Arbitrary<Boolean> bools() {
        return Arbitraries.of(false, true);
    }

    private static Arbitrary<Alu> arithmetic() {
        return Combinators.combine(Arbitraries.of(AluOp.class), bools(), registers(), operands())
                .as(Alu::new);
    }

    private static Arbitrary<Mov> moves() {
        Arbitrary<Mov> plain = Combinators.combine(bools(), registers(), operands())
                .as((is64, dst, src) -> new Mov(is64, 0, dst, src));
        Arbitrary<Mov> extending = Combinators.combine(Arbitraries.of(8, 16, 32), registers(), registers())
                .as((bits, dst, src) -> new Mov(true, bits, dst, src));
        Arbitrary<Mov> extending32 = Combinators.combine(Arbitraries.of(8, 16), registers(), registers())
                .as((bits, dst, src) -> new Mov(false, bits, dst, src));
        return Arbitraries.oneOf(plain, extending, extending32);
    }

    private static Arbitrary<LoadPseudo> pseudoLoads() {
        return Combinators.combine(Arbitraries.of(PseudoKind.class), registers(), immediates(), immediates())
                .as((kind, dst, imm, nextImm) -> {
                    boolean value = kind == PseudoKind.MAP_VALUE_BY_FD || kind == PseudoKind.MAP_VALUE_BY_INDEX;
                    return new LoadPseudo(kind, dst, imm, value ? nextImm : 0);
                });
    }

    private static Arbitrary<Load> loads() {
        return Combinators.combine(Arbitraries.of(Width.class), bools(), registers(), registers(), offsets())
                .as((width, signExtend, dst, base, offset) ->
                        new Load(width, signExtend && width != Width.DW, dst, base, offset));
    }

    private static Arbitrary<Atomic> atomics() {
        return Combinators.combine(
                        Arbitraries.of(AtomicOp.class), bools(), bools(), registers(), offsets(), registers())
                .as((op, is64, fetch, base, offset, src) -> {
                    boolean always = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG;
                    return new Atomic(op, is64, fetch || always, base, offset, src);
                });
    }

    private static Arbitrary<Jump> jumps() {
        return Arbitraries.oneOf(
                offsets().map(offset -> new Jump(offset, false)), immediates().map(offset -> new Jump(offset, true)));
    }
}
