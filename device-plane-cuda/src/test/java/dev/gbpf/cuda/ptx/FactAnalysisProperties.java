package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.ptx.Fact.Base;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What the analysis says of registers after arithmetic holds of what they have then. */
class FactAnalysisProperties {
    private static final Register[] NUMBERS = {Register.R2, Register.R3, Register.R4, Register.R5};
    private static final int[] CONSTANTS = {0, 1, 2, 3, 4, 6, 7, 8, 12, 16, 31, 32, 33, 40, 63, -1, -2, -4, -8, 1 << 20
    };
    private static final int OPERATIONS = 10;

    private static <T> T pick(Random random, T[] all) {
        return all[random.nextInt(all.length)];
    }

    /** Two numbers from the context, two constants, and arithmetic on them. */
    private static List<Instruction> arithmetic(Random random) {
        List<Instruction> code = new ArrayList<>(List.of(
                new Instruction.Load(Width.W, false, Register.R2, Register.R1, (short) 0),
                new Instruction.Load(Width.W, true, Register.R3, Register.R1, (short) 4),
                new Instruction.LoadImm64(Register.R4, random.nextLong()),
                new Instruction.LoadImm64(Register.R5, CONSTANTS[random.nextInt(CONSTANTS.length)])));
        for (int i = 0; i < OPERATIONS; i++) {
            Register to = pick(random, NUMBERS);
            Operand by = random.nextBoolean()
                    ? pick(random, NUMBERS)
                    : new Immediate(CONSTANTS[random.nextInt(CONSTANTS.length)]);
            boolean is64 = random.nextInt(3) != 0;
            code.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new Instruction.Mov(is64, 0, to, by);
                        case 1 -> new Instruction.Neg(is64, to);
                        default -> new Instruction.Alu(pick(random, AluOp.values()), is64, to, by);
                    });
        }
        return code;
    }

    @Property(tries = 150)
    void facts_afterArithmetic_hold(@ForAll long seed) {
        Random random = new Random(seed);
        List<Instruction> code = arithmetic(random);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = arena.allocate(8, 8);
            context.set(ValueLayout.JAVA_LONG, 0, random.nextLong());
            for (Register register : NUMBERS) {
                List<Instruction> all = new ArrayList<>(code);
                all.add(new Instruction.Mov(true, 0, Register.R0, register));
                all.add(new Instruction.Exit());
                Program program = new Program(all);
                PtxMachine machine = new PtxMachine(
                        new PtxModule().add("program", program, Map.of()).text());
                machine.allow(context);
                long value = machine.call("program", context.address(), 0, 0, 0);
                Fact fact = FactAnalysis.of(program, 0, FramePlan.NONE)
                        .before(all.size() - 1)
                        .get(Register.R0);
                assertThat(fact.base()).isIn(Base.NUMBER, Base.ANY);
                long step = fact.isExact() ? 0 : fact.stride();
                boolean holds = step == 0 ? value == fact.offset() : (value - fact.offset()) % step == 0;
                assertThat(holds).as("%s of %x in %s", fact, value, all).isTrue();
            }
        }
    }
}
