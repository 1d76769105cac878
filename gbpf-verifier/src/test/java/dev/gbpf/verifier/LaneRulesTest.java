package dev.gbpf.verifier;

import static dev.gbpf.verifier.Code.add;
import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.and;
import static dev.gbpf.verifier.Code.atomic;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.map;
import static dev.gbpf.verifier.Code.mapValue;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What decides branches in {@code sm_tick}: what is the same in all lanes may, what each lane has its own of may not. */
class LaneRulesTest {
    private static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("array", MapKind.ARRAY, 4, 8, 64), new MapDefinition("hash", MapKind.HASH, 4, 8, 64));
    private static final ProgramType TYPE = ProgramType.of(Hook.SM_TICK);
    private static final int TICK = Hook.SM_TICK.context().offsetOf("tick");
    private static final int TENANT = Hook.SM_TICK.context().offsetOf("tenant");
    private static final int VSLICE = Hook.SM_TICK.context().offsetOf("vslice");
    private static final int USED = Hook.SM_TICK.context().offsetOf("used_ns");
    private static final int WORKERS = Hook.SM_TICK.context().offsetOf("workers");
    private static final int REFILL = Hook.SM_TICK.context().offsetOf("refill_ns");

    /** Puts the context in r6 before, and a branch on r7 after. */
    private static VerificationResult branchOn(Code.Line... lines) {
        List<Code.Line> all = new ArrayList<>();
        all.add(mov(Register.R6, Register.R1));
        all.addAll(Arrays.asList(lines));
        all.add(jump(JumpOp.GT, Register.R7, 5, "big"));
        all.add(mov(Register.R0, 0));
        all.add(exit());
        all.add(label("big"));
        all.add(mov(Register.R0, 1));
        all.add(exit());
        return new Verifier().verify(Code.assemble(all).program(), TYPE, MAPS);
    }

    private static void assertUniform(Code.Line... lines) {
        VerificationResult result = branchOn(lines);
        assertThat(result).isInstanceOf(VerificationResult.Accepted.class);
        assertThat(((VerificationResult.Accepted) result)
                        .certificates()
                        .getFirst()
                        .divergentBranches())
                .isEmpty();
    }

    /** The branch is refused; the explanation. */
    private static List<String> assertDivergent(Code.Line... lines) {
        return explanation(branchOn(lines));
    }

    private static List<String> explanation(VerificationResult result) {
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        Diagnostic first = ((VerificationResult.Rejected) result).diagnostics().getFirst();
        assertThat(first.code()).as("code of %s", first).isEqualTo(RejectionCode.DIVERGENT_BRANCH.code());
        return first.notes().stream().filter(n -> n.startsWith("because: ")).toList();
    }

    private static Code.Line field(Width width, int offset) {
        return load(width, Register.R7, Register.R6, offset);
    }

    @Test
    void fieldOfTheTick_decides() {
        assertUniform(field(Width.DW, TICK));
        assertUniform(field(Width.W, VSLICE));
        assertUniform(field(Width.W, WORKERS));
    }

    @Test
    void fieldOfTheTenant_isExplained() {
        assertThat(assertDivergent(field(Width.W, TENANT)))
                .singleElement()
                .asString()
                .endsWith("each lane has its own ctx.tenant");
        assertDivergent(field(Width.DW, USED));
    }

    @Test
    void output_isEachLanesOwn() {
        assertDivergent(store(Width.DW, Register.R6, REFILL, 1), field(Width.DW, REFILL));
    }

    @Test
    void arithmetic_differsAsItsOperands() {
        assertDivergent(
                field(Width.DW, USED),
                alu(AluOp.RSH, Register.R7, 3),
                mov(Register.R8, 1),
                add(Register.R7, Register.R8));
        assertDivergent(
                field(Width.DW, USED),
                mov(Register.R8, 1),
                add(Register.R8, Register.R7),
                mov(Register.R7, Register.R8));
        assertUniform(field(Width.DW, USED), alu(AluOp.XOR, Register.R7, Register.R7));
        assertUniform(field(Width.DW, USED), alu(AluOp.SUB, Register.R7, Register.R7), add(Register.R7, 3));
        assertUniform(field(Width.DW, USED), field(Width.DW, TICK));
    }

    @Test
    void comparisonOfTwo_differsByEither() {
        assertDivergent(
                load(Width.DW, Register.R8, Register.R6, USED),
                field(Width.DW, TICK),
                jump(JumpOp.LT, Register.R7, Register.R8, "next"),
                label("next"));
    }

    @Test
    void stack_keepsWhatIsStored() {
        assertDivergent(
                field(Width.DW, USED),
                store(Width.DW, Register.R10, -8, Register.R7),
                load(Width.DW, Register.R7, Register.R10, -8));
        assertUniform(
                field(Width.DW, USED),
                store(Width.DW, Register.R10, -8, Register.R7),
                store(Width.DW, Register.R10, -16, 7),
                load(Width.DW, Register.R7, Register.R10, -16));
        assertUniform(
                field(Width.DW, USED),
                store(Width.DW, Register.R10, -8, Register.R7),
                store(Width.DW, Register.R10, -8, 1),
                load(Width.DW, Register.R7, Register.R10, -8));
        assertDivergent(
                store(Width.DW, Register.R10, -8, 0),
                field(Width.DW, USED),
                store(Width.B, Register.R10, -5, Register.R7),
                load(Width.DW, Register.R7, Register.R10, -8));
    }

    @Test
    void halfOfASlot_isToldApartFromTheOther() {
        Code.Line[] lines = {
            field(Width.W, TENANT),
            store(Width.W, Register.R10, -8, Register.R7),
            store(Width.W, Register.R10, -4, 3),
            load(Width.W, Register.R7, Register.R10, -4)
        };
        assertUniform(lines);
        lines[3] = load(Width.W, Register.R7, Register.R10, -8);
        assertDivergent(lines);
    }

    @Test
    void placeOnTheStackThatDiffers_isReadAndWrittenApart() {
        Code.Line[] initialise = {
            store(Width.DW, Register.R10, -16, 0),
            store(Width.DW, Register.R10, -8, 1),
            field(Width.W, TENANT),
            and(Register.R7, 8),
            mov(Register.R8, Register.R10),
            add(Register.R8, -16),
            add(Register.R8, Register.R7)
        };
        List<Code.Line> reads = new ArrayList<>(Arrays.asList(initialise));
        reads.add(load(Width.DW, Register.R7, Register.R8, 0));
        assertDivergent(reads.toArray(Code.Line[]::new));
        List<Code.Line> writes = new ArrayList<>(Arrays.asList(initialise));
        writes.add(store(Width.DW, Register.R8, 0, 9));
        writes.add(load(Width.DW, Register.R7, Register.R10, -8));
        assertDivergent(writes.toArray(Code.Line[]::new));
    }

    @Test
    void placeOnTheStackThatIsUnknownButTheSame_staysTheSame() {
        assertUniform(
                store(Width.DW, Register.R10, -16, 0),
                store(Width.DW, Register.R10, -8, 1),
                field(Width.W, WORKERS),
                and(Register.R7, 8),
                mov(Register.R8, Register.R10),
                add(Register.R8, -16),
                add(Register.R8, Register.R7),
                store(Width.DW, Register.R8, 0, 9),
                load(Width.DW, Register.R7, Register.R8, 0));
    }

    /** r0 = the element of the array, or entry of the hash, of the number in r7; skips to "none" when there is none. */
    private static Code.Line[] lookUp(int map, Code.Line key) {
        return new Code.Line[] {
            key,
            and(Register.R7, 63),
            store(Width.W, Register.R10, -4, Register.R7),
            map(Register.R1, map),
            mov(Register.R2, Register.R10),
            add(Register.R2, -4),
            call(Helper.MAP_LOOKUP_ELEM),
        };
    }

    private static Code.Line[] with(Code.Line[] lines, Code.Line... more) {
        List<Code.Line> all = new ArrayList<>(Arrays.asList(lines));
        all.addAll(Arrays.asList(more));
        return all.toArray(Code.Line[]::new);
    }

    @Test
    void valueOfAMap_differsWithTheKey() {
        Code.Line value = load(Width.DW, Register.R7, Register.R0, 0);
        assertUniform(with(lookUp(0, field(Width.W, WORKERS)), value));
        assertThat(assertDivergent(with(lookUp(0, field(Width.W, TENANT)), value)))
                .extracting(n -> n.substring(n.lastIndexOf(": ") + 2))
                .containsExactly(
                        "the address differs, and so may what is there",
                        "the arguments differ, and so may the result of map_lookup_elem",
                        "each lane has its own ctx.tenant");
    }

    @Test
    void presenceOfAKey_differsWithTheKey() {
        Code.Line[] present = {jump(JumpOp.EQ, Register.R0, 0, "none"), label("none"), mov(Register.R7, 1)};
        assertUniform(with(lookUp(1, field(Width.W, WORKERS)), present));
        assertDivergent(with(lookUp(1, field(Width.W, TENANT)), present));
    }

    @Test
    void elementThatIsAlwaysThere_isNoQuestion() {
        assertUniform(with(
                lookUp(0, field(Width.W, TENANT)),
                jump(JumpOp.EQ, Register.R0, 0, "none"),
                label("none"),
                mov(Register.R7, 1)));
    }

    @Test
    void directElement_isTheSame() {
        assertUniform(mapValue(Register.R1, 0, 8), load(Width.DW, Register.R7, Register.R1, 0));
        assertDivergent(
                field(Width.W, TENANT),
                alu(AluOp.LSH, Register.R7, 3),
                mapValue(Register.R1, 0, 0),
                add(Register.R1, Register.R7),
                load(Width.DW, Register.R7, Register.R1, 0));
    }

    @Test
    void whatAnAtomicOperationFinds_isEachLanesOwn() {
        Code.Line[] fetch = {
            mapValue(Register.R1, 0, 8),
            mov(Register.R7, 1),
            atomic(AtomicOp.ADD, true, true, Register.R1, 0, Register.R7)
        };
        assertThat(assertDivergent(fetch)).singleElement().asString().contains("one after the other");
        assertUniform(
                mapValue(Register.R1, 0, 8),
                mov(Register.R7, 1),
                atomic(AtomicOp.ADD, true, false, Register.R1, 0, Register.R7));
        assertDivergent(
                mapValue(Register.R1, 0, 8),
                mov(Register.R0, 1),
                mov(Register.R8, 2),
                atomic(AtomicOp.CMPXCHG, true, true, Register.R1, 0, Register.R8),
                mov(Register.R7, Register.R0));
    }

    @Test
    void atomicOperationOnTheOwnStack_isTheSame() {
        assertUniform(
                store(Width.DW, Register.R10, -8, 4),
                mov(Register.R7, 1),
                atomic(AtomicOp.ADD, true, true, Register.R10, -8, Register.R7));
        assertDivergent(
                store(Width.DW, Register.R10, -8, 4),
                field(Width.DW, USED),
                atomic(AtomicOp.ADD, true, false, Register.R10, -8, Register.R7),
                load(Width.DW, Register.R7, Register.R10, -8));
        assertDivergent(
                store(Width.DW, Register.R10, -8, 4),
                load(Width.DW, Register.R0, Register.R6, USED),
                mov(Register.R8, 5),
                atomic(AtomicOp.CMPXCHG, true, true, Register.R10, -8, Register.R8),
                load(Width.DW, Register.R7, Register.R10, -8));
    }

    @Test
    void helper_answersTheWarpOrEachLane() {
        assertUniform(call(Helper.KTIME_GET_NS), mov(Register.R7, Register.R0));
        assertUniform(call(Helper.GET_SMP_PROCESSOR_ID), mov(Register.R7, Register.R0));
        assertThat(assertDivergent(call(Helper.GET_PRANDOM_U32), mov(Register.R7, Register.R0)))
                .singleElement()
                .asString()
                .endsWith("each lane has its own result of get_prandom_u32");
        assertDivergent(
                store(Width.W, Register.R10, -4, 1),
                map(Register.R1, 1),
                mov(Register.R2, Register.R10),
                add(Register.R2, -4),
                call(Helper.MAP_DELETE_ELEM),
                mov(Register.R7, Register.R0));
        assertUniform(
                map(Register.R1, 1), mov(Register.R2, 0), call(Helper.MAP_NEXT_SLOT), mov(Register.R7, Register.R0));
        assertDivergent(
                map(Register.R1, 1),
                load(Width.W, Register.R2, Register.R6, TENANT),
                call(Helper.MAP_NEXT_SLOT),
                mov(Register.R7, Register.R0));
    }

    @Test
    void loop_isOverInAllLanesTogether() {
        Code.Line[] loop = {
            mov(Register.R8, 0),
            label("again"),
            add(Register.R8, 1),
            jump(JumpOp.LT, Register.R8, 9, "again"),
            mov(Register.R7, Register.R8)
        };
        assertUniform(loop);
        assertDivergent(with(
                new Code.Line[] {load(Width.W, Register.R9, Register.R6, TENANT), mov(Register.R8, 0), label("again")},
                add(Register.R8, 1),
                jump(JumpOp.LT, Register.R8, Register.R9, "again"),
                mov(Register.R7, 0)));
    }

    @Test
    void differenceThatComesAroundALoop_isFound() {
        assertDivergent(
                load(Width.W, Register.R9, Register.R6, TENANT),
                mov(Register.R7, 0),
                mov(Register.R8, 0),
                mov(Register.R5, 0),
                label("again"),
                mov(Register.R7, Register.R5),
                mov(Register.R5, Register.R9),
                add(Register.R8, 1),
                jump(JumpOp.LT, Register.R8, 3, "again"));
    }

    @Test
    void function_passesDifferencesInAndOut() {
        assertThat(explanation(new Verifier()
                        .verify(
                                Code.program(
                                        load(Width.W, Register.R2, Register.R1, TENANT),
                                        mov(Register.R1, 7),
                                        call("f"),
                                        jump(JumpOp.GT, Register.R0, 50, "big"),
                                        mov(Register.R0, 0),
                                        exit(),
                                        label("big"),
                                        mov(Register.R0, 1),
                                        exit(),
                                        label("f"),
                                        mov(Register.R0, Register.R1),
                                        add(Register.R0, Register.R2),
                                        exit()),
                                TYPE,
                                MAPS)))
                .hasSize(1);
        Fixture.assertAccepted(new Verifier()
                .verify(
                        Code.program(
                                load(Width.W, Register.R6, Register.R1, TENANT),
                                load(Width.W, Register.R1, Register.R1, WORKERS),
                                call("f"),
                                mov(Register.R6, Register.R0),
                                jump(JumpOp.GT, Register.R6, 70, "big"),
                                mov(Register.R0, 0),
                                exit(),
                                label("big"),
                                mov(Register.R0, 1),
                                exit(),
                                label("f"),
                                mov(Register.R6, 3),
                                mov(Register.R0, Register.R1),
                                exit()),
                        TYPE,
                        MAPS));
    }

    @Test
    void uniformHook_refusesOnlyTheBranchThatIsFirst() {
        VerificationResult result = branchOn(
                load(Width.W, Register.R8, Register.R6, TENANT),
                mov(Register.R7, 1),
                jump(JumpOp.EQ, Register.R8, 0, "first"),
                mov(Register.R7, 8),
                label("first"));
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        assertThat(((VerificationResult.Rejected) result).diagnostics()).hasSize(1);
    }
}
