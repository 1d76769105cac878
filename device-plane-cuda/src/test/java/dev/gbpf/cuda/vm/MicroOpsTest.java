package dev.gbpf.cuda.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.testkit.RandomCode;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** An operation knows the instruction that it came from. */
class MicroOpsTest {
    private static final MapAddresses ANYWHERE = (map, offset) -> offset;

    @Property(tries = 100)
    void pcs_ofOperationsInOrder_rise_andExitsAreExits(@ForAll long seed) {
        Program program = RandomCode.generateForDevice(new Random(seed));
        MicroOps operations = MicroOpEncoder.encode(program, ANYWHERE);
        long[] words = operations.words();
        int before = 0;
        for (int i = 0; i < operations.count() - 1; i++) {
            int pc = operations.pcOf(i);
            assertThat(pc).isGreaterThanOrEqualTo(before).isLessThan(program.slots());
            before = pc;
            boolean exits = (words[2 * i] >>> 32 & 127) == DeviceOp.EXIT.ordinal();
            if (exits) {
                // A jump to the end is the end.
                assertThat(program.get(program.indexOf(pc)))
                        .isInstanceOfAny(Instruction.Exit.class, Instruction.Jump.class);
            }
        }
    }
}
