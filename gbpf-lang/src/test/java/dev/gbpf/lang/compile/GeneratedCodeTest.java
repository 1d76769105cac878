package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.lang.testing.Listing;
import dev.gbpf.lang.testing.RandomProgram;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.ProgramObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the code looks like, where somebody relies on it: the verifier, and readers of line info. */
class GeneratedCodeTest {
    /** Loops are tested at their ends: what jumps back is a test. */
    @Property(tries = 60)
    void loop_ofAnyProgram_goesBackByItsTest(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int variables) {
        RandomProgram.Body body = new RandomProgram(new Random(seed), variables).generate(3);
        Program program = onTick(RandomProgram.declarations(), body.text());
        assertThat(program.instructions())
                .as(Listing.of(program))
                .noneMatch(i -> i instanceof Instruction.Jump jump && jump.offset() < 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '\'', textBlock = """
            for t in 0..8 { kick(t); } ~ 1
            for t in 0..ctx.tenants { kick(t); } ~ 1
            for t in 0..ctx.tenants max 64 { kick(t); } ~ 1
            for t in ctx.tenants..64 { kick(t); } ~ 1
            for t in 0..ctx.tick max 64 { kick(t); } ~ 2
            for t in ctx.tick..ctx.queued max 64 { kick(t); } ~ 2
            """)
    void loop_comparesOnlyWhatBoundsIt(String loop, int branches) {
        Program program = onTick("", loop);
        assertThat(program.instructions())
                .as(Listing.of(program))
                .filteredOn(Instruction.CondJump.class::isInstance)
                .hasSize(branches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            dsq_len(ctx.tick * 8)              ; LSH
            dsq_len(ctx.tick / 8)              ; RSH
            dsq_len(ctx.tick % 8)              ; AND
            dsq_len(ctx.tick * 9)              ; MUL
            dsq_len(ctx.tick / 9)              ; DIV
            dsq_len((ctx.tick as i64) / 8)     ; SDIV
            dsq_len((ctx.tick as i64) % 8)     ; SMOD
            dsq_len((ctx.tick as i64) >> 8)    ; ARSH
            dsq_len(ctx.tick - 8)              ; ADD
            """)
    void operator_withAConstant_takesOneInstruction(String call, AluOp expected) {
        Program program = onTick("", call + ";");
        assertThat(program.instructions())
                .as(Listing.of(program))
                .filteredOn(Instruction.Alu.class::isInstance)
                .singleElement()
                .satisfies(i -> assertThat(((Instruction.Alu) i).op()).isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            ctx.tick > 5                              ; 1
            ctx.tick > 5 && ctx.queued < 3            ; 2
            !(ctx.tick > 5 || ctx.queued < 3)         ; 2
            true && ctx.tick > 5                      ; 1
            """)
    void condition_ofABranch_isJumpsOnly(String condition, int jumps) {
        Program program = onTick("", "if " + condition + " { kick(7); }");
        assertThat(program.instructions())
                .as(Listing.of(program))
                .filteredOn(Instruction.CondJump.class::isInstance)
                .hasSize(jumps);
        assertThat(program.instructions()).noneMatch(Instruction.Alu.class::isInstance);
    }

    @Test
    void branch_neverTaken_leavesNoCode() {
        assertThat(onTick("", "if 1 > 2 { kick(7); } else if false { kick(8); }")
                        .size())
                .isEqualTo(onTick("", "").size());
    }

    @Test
    void element_constantIndex_isAccessedWithoutACall() {
        Program program = onTick("map a: array<u16>[4];", "a[3] += 1;");
        assertThat(program.instructions()).noneMatch(Instruction.CallHelper.class::isInstance);
        assertThat(program.instructions())
                .contains(new Instruction.LoadPseudo(
                        PseudoKind.MAP_VALUE_BY_INDEX, ((Instruction.LoadPseudo) program.get(0)).dst(), 0, 24));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            ctx.tick                                        ; 1
            ctx.tick % 5                                    ; 1
            (ctx.tick % 5) as i64 as u64                    ; 1
            ctx.tick % 4                                    ; 0
            ctx.tick & 3                                    ; 0
            ctx.tick >> 62                                  ; 0
            ctx.tenants / 17                                ; 0
            min(ctx.tick, 3)                                ; 1
            """)
    void element_anyIndex_isAccessedWithoutACall_andCheckedWhereItMayBeOutOfRange(String index, int branches) {
        Program program = onTick("map a: array<u16>[4];", "a[" + index + "] = 1;");
        assertThat(program.instructions())
                .as(Listing.of(program))
                .noneMatch(Instruction.CallHelper.class::isInstance)
                .filteredOn(Instruction.CondJump.class::isInstance)
                .hasSize(branches);
    }

    @Test
    void value_neverUsed_isNotComputed() {
        assertThat(onTick("map a: array<u64>[4];", "let x = ctx.tick * 3; let y = a[1] + x;")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void lineInfo_ofEachStatement_pointsToItsText() {
        String text = """
                policy test;
                hook on_tick(ctx) {
                    let x = ctx.tick;
                    if x > 5 {
                        kick(x + 1);
                    }
                    log(1, x);
                }
                """;
        ProgramObject object = Policies.compiled(text).program(Hook.ON_TICK).orElseThrow();
        List<String> places = new ArrayList<>();
        for (LineInfo line : object.lines()) {
            String source = text.lines().toList().get(line.line() - 1);
            places.add(source.substring(line.column() - 1, line.column() - 1 + line.length()));
        }
        assertThat(places).contains("ctx.tick", "x > 5", "x + 1", "kick(x + 1)", "log(1, x)", "}");
        assertThat(object.lines()).isSortedAccordingTo((a, b) -> Integer.compare(a.pc(), b.pc()));
    }

    private static Program onTick(String declarations, String body) {
        String text = "policy test;\n" + declarations + "\nhook on_tick(ctx) {\n" + body + "\n}\n";
        return Policies.compiled(text).program(Hook.ON_TICK).orElseThrow().program();
    }
}
