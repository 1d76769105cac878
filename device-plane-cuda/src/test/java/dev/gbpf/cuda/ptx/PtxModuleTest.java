package dev.gbpf.cuda.ptx;

import static dev.gbpf.verifier.Code.add;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.map;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.program;
import static dev.gbpf.verifier.Code.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.testkit.TestHook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What instructions become: what it computes at the edges of each class, and what it looks like where that is why it is fast. */
class PtxModuleTest {
    private static String compile(Program program) {
        return new PtxModule().add("program", program, TestMaps.at(0x1000)).text();
    }

    private static String compile(Instruction... instructions) {
        List<Instruction> all = new ArrayList<>(List.of(instructions));
        all.add(new Instruction.Exit());
        return compile(new Program(all));
    }

    private static long run(Instruction... instructions) {
        return new PtxMachine(compile(instructions)).call("program", 0, 0, 0, 0);
    }

    private static Instruction set(Register register, long value) {
        return new Instruction.LoadImm64(register, value);
    }

    /** r0 op= y, of a register and of a constant. */
    private static void check(AluOp op, boolean is64, long x, long y, long expected) {
        Instruction.Alu byRegister = new Instruction.Alu(op, is64, Register.R0, Register.R3);
        assertThat(run(set(Register.R0, x), set(Register.R3, y), byRegister)).isEqualTo(expected);
        if (y == (int) y) {
            Operand imm = new Immediate((int) y);
            assertThat(run(set(Register.R0, x), new Instruction.Alu(op, is64, Register.R0, imm)))
                    .isEqualTo(expected);
        }
    }

    @Property(tries = 60)
    void arithmetic_ofAnyNumbers_isThatOfTheRfc(@ForAll long x, @ForAll long y) {
        long low = 0xFFFF_FFFFL;
        int a = (int) x;
        for (long b : new long[] {y, (int) y, y & 7, -1, 1}) {
            check(AluOp.ADD, true, x, b, x + b);
            check(AluOp.SUB, false, x, b, x - b & low);
            check(AluOp.MUL, true, x, b, x * b);
            check(AluOp.XOR, false, x, b, (x ^ b) & low);
            check(AluOp.OR, true, x, b, x | b);
            check(AluOp.AND, false, x, b, x & b & low);
            check(AluOp.LSH, true, x, b, x << b);
            check(AluOp.RSH, false, x, b, (x & low) >>> (b & 31));
            check(AluOp.ARSH, true, x, b, x >> b);
            check(AluOp.ARSH, false, x, b, a >> (b & 31) & low);
            if (b != 0) {
                check(AluOp.DIV, true, x, b, Long.divideUnsigned(x, b));
                check(AluOp.MOD, true, x, b, Long.remainderUnsigned(x, b));
                check(AluOp.SDIV, true, x, b, x / b);
                check(AluOp.SMOD, true, x, b, x % b);
            }
            int c = (int) b;
            if (c != 0) {
                check(AluOp.DIV, false, x, b, Integer.divideUnsigned(a, c) & low);
                check(AluOp.MOD, false, x, b, Integer.remainderUnsigned(a, c) & low);
                check(AluOp.SDIV, false, x, b, a / c & low);
                check(AluOp.SMOD, false, x, b, a % c & low);
            }
        }
    }

    @Test
    void divisions_atTheirEdges_areThoseOfTheRfc() {
        check(AluOp.DIV, true, 7, 0, 0);
        check(AluOp.MOD, true, -7, 0, -7);
        check(AluOp.SDIV, true, 7, 0, 0);
        check(AluOp.SMOD, true, -7, 0, -7);
        check(AluOp.DIV, false, -7, 0, 0);
        check(AluOp.MOD, false, -7, 0, 0xFFFF_FFF9L);
        check(AluOp.SDIV, true, Long.MIN_VALUE, -1, Long.MIN_VALUE);
        check(AluOp.SMOD, true, Long.MIN_VALUE, -1, 0);
        check(AluOp.SDIV, false, Integer.MIN_VALUE, -1, 0x8000_0000L);
        check(AluOp.SMOD, false, Integer.MIN_VALUE, -1, 0);
    }

    @Test
    void divisions_byConstants_divideNothing() {
        assertThat(compile(
                        new Instruction.Alu(AluOp.DIV, true, Register.R0, new Immediate(10)),
                        new Instruction.Alu(AluOp.MOD, false, Register.R0, new Immediate(10)),
                        new Instruction.Alu(AluOp.MOD, true, Register.R0, new Immediate(64))))
                .doesNotContain("div.", "rem.");
    }

    @Property(tries = 40)
    void movesAndSwaps_ofAnyNumber_areThoseOfTheRfc(@ForAll long x) {
        Instruction value = set(Register.R3, x);
        assertThat(run(value, new Instruction.Mov(true, 8, Register.R0, Register.R3)))
                .isEqualTo((byte) x);
        assertThat(run(value, new Instruction.Mov(true, 16, Register.R0, Register.R3)))
                .isEqualTo((short) x);
        assertThat(run(value, new Instruction.Mov(true, 32, Register.R0, Register.R3)))
                .isEqualTo(low(x));
        assertThat(run(value, new Instruction.Mov(false, 8, Register.R0, Register.R3)))
                .isEqualTo((byte) x & 0xFFFF_FFFFL);
        assertThat(run(value, new Instruction.Mov(false, 0, Register.R0, Register.R3)))
                .isEqualTo(x & 0xFFFF_FFFFL);
        assertThat(run(set(Register.R0, x), new Instruction.Neg(false, Register.R0)))
                .isEqualTo(-x & 0xFFFF_FFFFL);
        assertThat(swapped(x, ByteSwapKind.SWAP, 64)).isEqualTo(Long.reverseBytes(x));
        assertThat(swapped(x, ByteSwapKind.BE, 32)).isEqualTo(Integer.reverseBytes((int) x) & 0xFFFF_FFFFL);
        assertThat(swapped(x, ByteSwapKind.BE, 16)).isEqualTo(Short.reverseBytes((short) x) & 0xFFFFL);
        assertThat(swapped(x, ByteSwapKind.LE, 16)).isEqualTo(x & 0xFFFFL);
        assertThat(swapped(x, ByteSwapKind.LE, 64)).isEqualTo(x);
    }

    private static long swapped(long x, ByteSwapKind kind, int bits) {
        return run(set(Register.R0, x), new Instruction.ByteSwap(kind, bits, Register.R0));
    }

    @Property(tries = 40)
    void jumps_onAnyNumbers_goWhereTheRfcSays(@ForAll long x, @ForAll long y) {
        for (long right : new long[] {y, x, x + 1, x ^ 1L << 32}) {
            for (JumpOp op : JumpOp.values()) {
                assertThat(jumps(op, true, x, right)).isEqualTo(holds(op, x, right));
                assertThat(jumps(op, false, x, right)).isEqualTo(holds(op, low(x), low(right), 0xFFFF_FFFFL));
            }
        }
    }

    /** The low half with its sign. */
    private static long low(long x) {
        return x << 32 >> 32;
    }

    private static boolean jumps(JumpOp op, boolean is64, long x, long y) {
        return run(
                        set(Register.R3, x),
                        set(Register.R4, y),
                        new Instruction.CondJump(op, is64, Register.R3, Register.R4, (short) 1),
                        new Instruction.Exit(),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(1)))
                == 1;
    }

    private static boolean holds(JumpOp op, long x, long y) {
        return holds(op, x, y, -1);
    }

    private static boolean holds(JumpOp op, long x, long y, long mask) {
        int signed = Long.compare(x, y);
        int unsigned = Long.compareUnsigned(x & mask, y & mask);
        return switch (op) {
            case EQ -> x == y;
            case NE -> x != y;
            case SET -> (x & y & mask) != 0;
            case GT -> unsigned > 0;
            case GE -> unsigned >= 0;
            case LT -> unsigned < 0;
            case LE -> unsigned <= 0;
            case SGT -> signed > 0;
            case SGE -> signed >= 0;
            case SLT -> signed < 0;
            case SLE -> signed <= 0;
        };
    }

    @Test
    void frame_ofWholeValuesAndKeys_isRegisters() {
        String lookup = compile(program(
                store(Width.W, Register.R10, -4, 2),
                store(Width.DW, Register.R10, -16, Register.R1),
                map(Register.R1, TestHook.ARRAY),
                mov(Register.R2, Register.R10),
                add(Register.R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                load(Width.DW, Register.R1, Register.R10, -16),
                load(Width.DW, Register.R3, Register.R1, 0),
                exit()));
        assertThat(lookup).doesNotContain("%frame").contains("%s<2>");
        // The context came back as what it is: aligned.
        assertThat(lookup).contains("ld.u64 %r3, [%r1+0]").doesNotContain("ld.u8");
    }

    @Test
    void frame_ofOverlappingValues_isMemory() {
        assertThat(compile(program(
                        store(Width.DW, Register.R10, -16, 5),
                        store(Width.W, Register.R10, -12, 7),
                        load(Width.DW, Register.R0, Register.R10, -16),
                        exit())))
                .contains(".local .align 16 .b8 %frame[16]")
                .contains("st.local.b64 [%frame+0]", "st.local.b32 [%frame+4]")
                .doesNotContain("cvta");
    }

    @Test
    void frame_whoseAddressIsPassed_isMemory() {
        Program program = new Program(List.of(
                new Instruction.Mov(true, 0, Register.R1, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R1, new Immediate(-8)),
                new Instruction.CallLocal(2),
                new Instruction.Load(Width.DW, false, Register.R0, Register.R10, (short) -8),
                new Instruction.Exit(),
                new Instruction.Store(Width.DW, Register.R1, (short) 0, new Immediate(77)),
                new Instruction.Mov(true, 0, Register.R0, new Immediate(0)),
                new Instruction.Exit()));
        String text = compile(program);
        assertThat(text).contains("%frame[512]", "cvta.local.u64 %r10", "call (result), program_5, (a1");
        assertThat(new PtxMachine(text).call("program", 0, 0, 0, 0)).isEqualTo(77);
    }

    @Test
    void atomics_onMaps_areTheMachines() {
        Instruction.LoadPseudo value =
                new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, TestHook.ARRAY, 0);
        assertThat(compile(
                        value,
                        new Instruction.Atomic(AtomicOp.ADD, true, false, Register.R1, (short) 0, Register.R3),
                        new Instruction.Atomic(AtomicOp.CMPXCHG, false, true, Register.R1, (short) 8, Register.R3)))
                .contains("red.relaxed.gpu.global.add.u64 [%r1+0], %r3", "atom.acq_rel.gpu.global.cas.b32")
                .doesNotContain("isspacep");
    }

    @Test
    void whatFunctionsAreGiven_isUnknownToTheAssembler() {
        String local = compile(
                set(Register.R3, 0xffff),
                set(Register.R8, 3),
                new Instruction.CallLocal(2),
                new Instruction.Mov(true, 0, Register.R0, Register.R8),
                new Instruction.Exit(),
                new Instruction.Mov(true, 0, Register.R0, new Immediate(0)));
        assertThat(local.lines().filter(line -> line.matches(" +st.param.b64 .a[1-5].*")))
                .hasSize(5)
                .allMatch(line -> local.contains("xor.b64 " + line.replaceAll(".*, (%d\\d+);", "$1") + ", %r"));
        assertThat(local).contains("shr.s64 %zero, %now, 63;");
        String division = compile(
                set(Register.R0, 12),
                set(Register.R3, 5),
                new Instruction.Alu(AluOp.MOD, true, Register.R0, Register.R3));
        assertThat(division)
                .containsPattern(
                        "xor.b64 (%d\\d+), %zero, %r0;\\n +xor.b64 (%d\\d+), %zero, %r3;\\n +rem.u64 %d\\d+, \\1, \\2;");
    }

    @Test
    void whatHelpersOfHashesAreGiven_isUnknownToTheAssembler() {
        Program program = program(map(Register.R1, 0), mov(Register.R2, 3), call(Helper.MAP_NEXT_SLOT), exit());
        PtxMap hash = PtxMap.of(new MapDefinition("m", MapKind.LRU_HASH, 8, 8, 64), "139637976727552", 0);
        String text = new PtxModule().add("program", program, Map.of(0, hash)).text();
        assertThat(text).contains("shr.s64 %zero, %now, 63;");
        assertThat(text.lines().filter(line -> line.matches(" +st.param.b64 .a[0-4].*")))
                .hasSize(5)
                .allMatch(line -> text.contains("xor.b64 " + line.replaceAll(".*, (%d\\d+);", "$1") + ", %zero, "));
    }

    @Test
    void table_ofSeveralPrograms_hasThemInOrder() {
        Program program = program(mov(Register.R0, 1), exit());
        PtxModule module = new PtxModule().add("one", program, Map.of()).skip().add("three", program, Map.of());
        assertThat(module.size()).isEqualTo(3);
        assertThat(module.text()).endsWith("gbpf_code[3] = {one, 0, three};\n");
        assertThat(module.stackBytes()).isEqualTo(640);
    }

    @Test
    void programs_thatNobodyVerified_areRefused() {
        assertThatThrownBy(() -> compile(new Program(List.of(new Instruction.Jump(5, false)))))
                .hasMessageContaining("offset=5 leads to no instruction");
        assertThatThrownBy(() -> compile(new Program(List.of(new Instruction.Mov(true, 0, Register.R0, Register.R1)))))
                .hasMessageContaining("control runs past the last instruction");
        assertThatThrownBy(() -> compile(new Instruction.CallHelper(9999)))
                .hasMessageContaining("device programs have no such helper");
        assertThatThrownBy(() -> compile(new Instruction.CallHelper(Helper.MAP_PUSH_ELEM.id())))
                .isInstanceOf(IllegalArgumentException.class);
        // Functions that each end in the same long tail, which each of them has for itself.
        List<Instruction> shared = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            shared.add(new Instruction.CallLocal(40));
        }
        shared.addAll(Collections.nCopies(3000, new Instruction.Mov(true, 0, Register.R0, new Immediate(0))));
        shared.add(new Instruction.Exit());
        assertThatThrownBy(() -> compile(new Program(shared))).hasMessageContaining("share so much");
    }
}
