package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** What a test of one value tells of values that differ from it by a constant, and how pointers into one object compare. */
class RelationRulesTest {
    @Test
    void sumTested_boundsTheNumberItWasMadeFrom() {
        assertAccepted(
                load(DW, R2, R1, 0),
                mov(R3, R2),
                add(R3, 4),
                jump(JumpOp.GT, R3, 64, "end"),
                jump(JumpOp.LT, R3, 4, "end"),
                mapValue(R4, ARRAY, 0),
                add(R4, R2),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void sumThatMayWrap_boundsNothing() {
        // r3 <= 64 holds for r2 = -4 too.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(DW, R2, R1, 0),
                mov(R3, R2),
                add(R3, 4),
                jump(JumpOp.GT, R3, 64, "end"),
                mapValue(R4, ARRAY, 0),
                add(R4, R2),
                fault(),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void indexTested_boundsThePointerMadeBefore() {
        assertAccepted(
                load(W, R2, R1, 8),
                mapValue(R4, ARRAY, 8),
                add(R4, R2),
                jump(JumpOp.GT, R2, 52, "end"),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void indexTested_boundsThePointerNoFurther() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                mapValue(R4, ARRAY, 8),
                add(R4, R2),
                jump(JumpOp.GT, R2, 53, "end"),
                fault(),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void sumOf32Bits_thatDoesNotWrap_isRelated() {
        assertAccepted(
                load(W, R2, R1, 8),
                jump(JumpOp.GT, R2, 1000, "end"),
                mov(R3, R2),
                alu32(AluOp.ADD, R3, 4),
                jump(JumpOp.GT, R3, 64, "end"),
                mapValue(R4, ARRAY, 0),
                add(R4, R2),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void sumOf32Bits_thatMayWrap_isNotRelated() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                mov(R3, R2),
                alu32(AluOp.ADD, R3, 4),
                jump(JumpOp.GT, R3, 64, "end"),
                mapValue(R4, ARRAY, 0),
                add(R4, R2),
                fault(),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void differenceOfRelated_isItsConstant() {
        assertAccepted(load(DW, R2, R1, 0), mov(R0, R2), add(R0, 7), alu(AluOp.SUB, R0, R2), exit());
        assertRejected(
                RejectionCode.RETURN_VALUE,
                load(DW, R2, R1, 0),
                mov(R0, R2),
                add(R0, 11),
                alu(AluOp.SUB, R0, R2),
                fault(),
                exit());
    }

    @Test
    void numbersThatDiffer_areNeverEqual() {
        assertAccepted(
                load(DW, R2, R1, 0),
                mov(R3, R2),
                add(R3, 1),
                mov(R0, 0),
                jump(JumpOp.NE, R2, R3, "end"),
                mov(R0, 99),
                label("end"),
                exit());
    }

    @Test
    void constantsOfTwoPaths_keepTheirDistance() {
        // r2 is 0 or 8, r3 is r2 + 48 on both paths: what bounds r2 to 0 bounds r3 to 48.
        assertAccepted(
                load(W, R4, R1, 8),
                mov(R2, 0),
                mov(R3, 48),
                jump(JumpOp.EQ, R4, 0, "both"),
                mov(R2, 8),
                mov(R3, 56),
                label("both"),
                jump(JumpOp.NE, R2, 0, "end"),
                mapValue(R4, ARRAY, 12),
                add(R4, R3),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void twoCountersInStep_areBoundByOneTest() {
        assertAccepted(
                mov(R2, 0),
                mapValue(R3, ARRAY, 0),
                label("head"),
                jump(JumpOp.GE, R2, 64, "end"),
                load(B, R0, R3, 0),
                add(R2, 1),
                add(R3, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void twoCountersOutOfStep_areNot() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                mov(R2, 0),
                mapValue(R3, ARRAY, 0),
                label("head"),
                jump(JumpOp.GE, R2, 64, "end"),
                fault(),
                load(B, R0, R3, 0),
                add(R2, 1),
                add(R3, 2),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void relation_throughTheStack_isKept() {
        assertAccepted(
                load(W, R2, R1, 8),
                store(DW, R10, -8, R2),
                add(R2, 4),
                jump(JumpOp.GT, R2, 64, "end"),
                load(DW, R3, R10, -8),
                mapValue(R4, ARRAY, 0),
                add(R4, R3),
                load(W, R0, R4, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointersIntoOneObject_areOrdered() {
        for (JumpOp op : new JumpOp[] {JumpOp.LT, JumpOp.LE, JumpOp.SLT, JumpOp.SLE}) {
            Certificate certificate = assertAccepted(
                    mapValue(R2, ARRAY, 0),
                    mapValue(R3, ARRAY, 60),
                    label("head"),
                    load(W, R0, R2, 0),
                    add(R2, 4),
                    jump(op, R2, R3, "head"),
                    mov(R0, 0),
                    exit());
            assertThat(certificate.loops().getFirst().maxIterations())
                    .isEqualTo(op.name().endsWith("E") ? 15 : 14);
        }
    }

    @Test
    void pointerThatMeetsAnother_endsTheLoop() {
        Certificate certificate = assertAccepted(
                mov(R2, R10),
                add(R2, -64),
                label("head"),
                store(DW, R2, 0, 0),
                add(R2, 8),
                jump(JumpOp.NE, R2, R10, "head"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops().getFirst().maxIterations()).isEqualTo(7);
    }

    @Test
    void pointerThatPassesItsObject_isRejected() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                mapValue(R2, ARRAY, 0),
                mapValue(R3, ARRAY, 61),
                add(R3, 4),
                label("head"),
                fault(),
                load(W, R0, R2, 0),
                add(R2, 4),
                jump(JumpOp.LT, R2, R3, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointerAgainstNull_isNoCounter() {
        // The pointer's offset begins at -8 and meets 0, but the pointer never is null.
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                mov(R2, R10),
                add(R2, -8),
                label("head"),
                fault(),
                add(R2, 1),
                jump(JumpOp.NE, R2, 0, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointersIntoValuesOfTwoKeys_areNotOrdered() {
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                store(W, R10, -4, 0),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R6, R0),
                jump(JumpOp.EQ, R6, 0, "end"),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                fault(),
                jump(JumpOp.LT, R0, R6, "end"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointersFarFromTheirObject_areNotOrdered() {
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mapValue(R2, ARRAY, 0),
                mapValue(R3, ARRAY, 0),
                alu(AluOp.SUB, R2, 1 << 13),
                fault(),
                jump(JumpOp.LT, R2, R3, "end"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointerInStepsOfFour_isBoundedByACounterInStepsOfOne() {
        assertAccepted(countedWalk(16));
        assertRejected(RejectionCode.VALUE_BOUNDS, countedWalk(17));
    }

    private static Code.Line[] countedWalk(int trips) {
        return new Code.Line[] {
            mov(R2, 0),
            mapValue(R3, ARRAY, 0),
            label("head"),
            fault(),
            load(W, R0, R3, 0),
            add(R3, 4),
            add(R2, 1),
            jump(JumpOp.LT, R2, trips, "head"),
            mov(R0, 0),
            exit()
        };
    }

    @Test
    void pointerWhoseStepDependsOnThePath_isBoundedByTheGreatest() {
        for (int step : new int[] {4, 5}) {
            Code.Line[] lines = {
                load(DW, R6, R1, 0),
                mov(R2, 0),
                mapValue(R3, ARRAY, 0),
                label("head"),
                load(W, R0, R3, 0),
                jump(JumpOp.SET, R6, 1, "far"),
                add(R3, 1),
                jump("on"),
                label("far"),
                add(R3, step),
                label("on"),
                add(R2, 1),
                jump(JumpOp.LT, R2, 16, "head"),
                mov(R0, 0),
                exit()
            };
            assertThat(verify(lines).isAccepted()).isEqualTo(step == 4);
        }
    }
}
