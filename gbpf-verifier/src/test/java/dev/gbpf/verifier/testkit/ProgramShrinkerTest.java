package dev.gbpf.verifier.testkit;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class ProgramShrinkerTest {
    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void simplerPrograms_areShorterOrLighter_andTheirJumpsLeadSomewhere(@ForAll long seed) {
        Program program = RandomCode.generate(new Random(seed));
        ProgramShrinker.simpler(program).limit(200).forEach(simpler -> {
            assertThat(simpler.size() < program.size()
                            || ProgramShrinker.weight(simpler) < ProgramShrinker.weight(program))
                    .isTrue();
            for (int i = 0; i < simpler.size(); i++) {
                if (simpler.get(i) instanceof Instruction.CondJump jump) {
                    assertThat(simpler.targetIndex(i, jump.offset())).isGreaterThanOrEqualTo(0);
                }
            }
        });
    }

    @Test
    void randomProgram_shrinksToTheInstructionThatMatters() {
        Program program = Stream.iterate(0L, seed -> seed + 1)
                .map(seed -> RandomCode.generate(new Random(seed)))
                .filter(ProgramShrinkerTest::divides)
                .findFirst()
                .orElseThrow();
        Program shrunk = ProgramShrinker.shrink(program, ProgramShrinkerTest::divides);
        assertThat(shrunk.size()).isOne();
        assertThat(ProgramText.of(shrunk)).contains("/");
    }

    @Test
    void jump_keepsItsTarget_whenInstructionsBetweenAreLeftOut() {
        Program program = program(
                load(DW, R2, R1, 0),
                jump(JumpOp.EQ, R2, 0, "end"),
                lddw(R3, 1L << 40),
                add(R3, 1),
                label("end"),
                mov(R0, 7),
                exit());
        Program shrunk = ProgramShrinker.shrink(
                program,
                p -> p.instructions().stream().anyMatch(i -> i instanceof Instruction.CondJump)
                        && p.instructions().stream()
                                .anyMatch(i -> i instanceof Instruction.Mov m && m.src() instanceof Immediate));
        assertThat(shrunk).isEqualTo(program(jump(JumpOp.EQ, R2, 0, "end"), label("end"), mov(R0, 0)));
    }

    private static boolean divides(Program program) {
        return program.instructions().stream().anyMatch(i -> i instanceof Instruction.Alu a && a.op() == AluOp.DIV);
    }
}
