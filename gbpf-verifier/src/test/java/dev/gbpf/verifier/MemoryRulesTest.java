package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loads and stores: stack, context, map values, raw memory. */
class MemoryRulesTest {
    @Test
    void stack_readBeforeWritten_isRejected() {
        assertRejected(RejectionCode.STACK_UNINITIALISED, fault(), load(DW, R0, R10, -8), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(W, R10, -8, 1),
                fault(),
                load(DW, R0, R10, -8),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_writtenInParts_isReadWhole() {
        assertAccepted(
                store(W, R10, -8, 1),
                store(H, R10, -4, 1),
                store(B, R10, -2, 1),
                store(B, R10, -1, 1),
                load(DW, R0, R10, -8),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_writtenOnOnePathOnly_isRejected() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                load(W, R2, R1, 8),
                jump(JumpOp.EQ, R2, 0, "end"),
                store(DW, R10, -8, 1),
                label("end"),
                fault(),
                load(DW, R0, R10, -8),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_atItsEdges_isExact() {
        assertAccepted(store(DW, R10, -512, 0), store(B, R10, -1, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.STACK_BOUNDS, fault(), store(B, R10, -513, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.STACK_BOUNDS, fault(), store(DW, R10, -7, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.STACK_BOUNDS, fault(), store(B, R10, 0, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.STACK_BOUNDS, fault(), load(B, R0, R10, 0), mov(R0, 0), exit());
    }

    @Test
    void stack_throughMovedPointer_isExact() {
        assertAccepted(mov(R2, R10), add(R2, -600), store(B, R2, 88, 0), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.STACK_BOUNDS,
                mov(R2, R10),
                add(R2, -600),
                fault(),
                store(B, R2, 87, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_unaligned_isAllowedForNumbers() {
        assertAccepted(store(DW, R10, -13, 7), load(DW, R0, R10, -13), mov(R0, 0), exit());
        assertAccepted(store(DW, R10, -16, 7), load(W, R0, R10, -15), mov(R0, 0), exit());
    }

    @Test
    void stack_keepsNumbersOfEveryWidth() {
        assertAccepted(store(DW, R10, -8, 7), load(DW, R0, R10, -8), exit());
        assertAccepted(store(W, R10, -8, 7), load(W, R0, R10, -8), exit());
        assertAccepted(store(W, R10, -4, 7), load(W, R0, R10, -4), exit());
        assertAccepted(store(H, R10, -6, 7), load(H, R0, R10, -6), exit());
        assertAccepted(store(B, R10, -3, 7), load(B, R0, R10, -3), exit());
    }

    @Test
    void stack_partOfAStoredNumber_isThatPart() {
        assertAccepted(lddw(R2, 0x0102030405060708L), store(DW, R10, -8, R2), load(B, R0, R10, -8), exit());
        assertAccepted(lddw(R2, 0x0102030405060708L), store(DW, R10, -8, R2), load(B, R0, R10, -1), exit());
        assertRejected(
                RejectionCode.RETURN_VALUE,
                lddw(R2, 0x0102030405060708L),
                store(DW, R10, -8, R2),
                load(H, R0, R10, -2),
                fault(),
                exit());
    }

    @Test
    void stack_narrowStore_cutsTheNumber() {
        assertAccepted(lddw(R2, 0x1_0000_0003L), store(W, R10, -8, R2), load(W, R0, R10, -8), exit());
    }

    @Test
    void stack_signExtendingLoad_seesTheSign() {
        assertAccepted(
                store(B, R10, -8, 0xFF),
                loadsx(B, R0, R10, -8),
                jump(JumpOp.EQ, R0, -1, "end"),
                mov(R0, R9),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_partlyOverwrittenNumber_isForgotten() {
        assertRejected(
                RejectionCode.RETURN_VALUE,
                store(DW, R10, -8, 7),
                store(B, R10, -5, 1),
                load(DW, R0, R10, -8),
                fault(),
                exit());
    }

    @Test
    void stack_variableIndex_withinInitialisedBytes_isAccepted() {
        assertAccepted(
                store(DW, R10, -8, 0),
                store(DW, R10, -16, 0),
                load(W, R2, R1, 8),
                and(R2, 15),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_variableIndex_overUninitialisedBytes_isRejected() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(DW, R10, -8, 0),
                load(W, R2, R1, 8),
                and(R2, 15),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_variableIndex_pastTheTop_isRejected() {
        assertRejected(
                RejectionCode.STACK_BOUNDS,
                load(W, R2, R1, 8),
                and(R2, 15),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                fault(),
                store(H, R3, 0, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_variableStore_initialisesNothing() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                load(W, R2, R1, 8),
                and(R2, 8),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                store(DW, R3, 0, 0),
                fault(),
                load(DW, R0, R10, -16),
                mov(R0, 0),
                exit());
    }

    @Test
    void stack_variableStore_forgetsWhatItMayHit() {
        assertRejected(
                RejectionCode.RETURN_VALUE,
                store(DW, R10, -8, 0),
                store(DW, R10, -16, 0),
                load(W, R2, R1, 8),
                and(R2, 8),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                store(DW, R3, 0, 99),
                load(DW, R0, R10, -16),
                fault(),
                exit());
    }

    @Test
    void spilledPointer_loadedWhole_isAPointerAgain() {
        assertAccepted(store(DW, R10, -8, R1), load(DW, R2, R10, -8), load(W, R0, R2, 8), mov(R0, 0), exit());
        assertAccepted(map(R1, HASH), store(DW, R10, -8, R1), load(DW, R2, R10, -8), mov(R0, 0), exit());
    }

    @Test
    void spilledPointer_loadedInPart_isRejected() {
        assertRejected(
                RejectionCode.SPILLED_POINTER,
                store(DW, R10, -8, R1),
                fault(),
                load(W, R0, R10, -8),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.SPILLED_POINTER,
                store(DW, R10, -8, R1),
                store(DW, R10, -16, 0),
                fault(),
                load(DW, R0, R10, -12),
                mov(R0, 0),
                exit());
    }

    @Test
    void spilledPointer_partlyOverwritten_isNoLongerReadable() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(DW, R10, -8, R1),
                store(B, R10, -8, 0),
                fault(),
                load(DW, R2, R10, -8),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(DW, R10, -8, R1),
                store(W, R10, -4, 0),
                fault(),
                load(W, R2, R10, -8),
                mov(R0, 0),
                exit());
    }

    @Test
    void spilledPointer_overwrittenByNumber_isANumber() {
        assertAccepted(store(DW, R10, -8, R1), store(DW, R10, -8, 5), load(DW, R0, R10, -8), exit());
    }

    @Test
    void spilledPointer_hitByVariableStore_isNoLongerReadable() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(DW, R10, -8, R1),
                store(DW, R10, -16, 0),
                load(W, R2, R1, 8),
                and(R2, 15),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                store(B, R3, 0, 0),
                fault(),
                load(DW, R2, R10, -8),
                mov(R0, 0),
                exit());
    }

    @Test
    void spill_unalignedNarrowOrVariable_isRejected() {
        assertRejected(RejectionCode.UNALIGNED_SPILL, fault(), store(DW, R10, -12, R1), mov(R0, 0), exit());
        assertRejected(RejectionCode.UNALIGNED_SPILL, fault(), store(W, R10, -8, R1), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.UNALIGNED_SPILL,
                load(W, R2, R1, 8),
                and(R2, 8),
                mov(R3, R10),
                add(R3, -16),
                add(R3, R2),
                fault(),
                store(DW, R3, 0, R1),
                mov(R0, 0),
                exit());
    }

    @Test
    void store_ofUninitialisedRegister_isRejected() {
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), store(DW, R10, -8, R7), mov(R0, 0), exit());
    }

    @Test
    void access_throughNumber_isRejected() {
        assertRejected(RejectionCode.NOT_A_POINTER, mov(R2, 0), fault(), load(DW, R0, R2, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.NOT_A_POINTER, mov(R2, 8), fault(), store(DW, R2, 0, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), load(DW, R0, R2, 0), mov(R0, 0), exit());
    }

    @Test
    void context_wholeFields_areReadable() {
        assertAccepted(
                load(DW, R0, R1, 0),
                load(W, R0, R1, 8),
                load(W, R0, R1, 12),
                load(DW, R0, R1, 16),
                loadsx(W, R0, R1, 24),
                mov(R0, 0),
                exit());
    }

    @Test
    void context_partsAndPadding_areNot() {
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(W, R0, R1, 0), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(DW, R0, R1, 8), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(B, R0, R1, 8), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(W, R0, R1, 28), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(DW, R0, R1, 32), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(DW, R0, R1, -8), mov(R0, 0), exit());
    }

    @Test
    void context_throughMovedPointer_isExact() {
        assertAccepted(add(R1, 8), load(W, R0, R1, 0), load(DW, R0, R1, -8), mov(R0, 0), exit());
        assertAccepted(mov(R2, 8), alu(AluOp.SUB, R1, R2), load(W, R0, R1, 16), mov(R0, 0), exit());
    }

    @Test
    void context_atVariableOffset_isRejected() {
        assertRejected(
                RejectionCode.CONTEXT_FIELD,
                load(W, R2, R1, 8),
                and(R2, 4),
                add(R1, R2),
                fault(),
                load(W, R0, R1, 8),
                mov(R0, 0),
                exit());
    }

    @Test
    void context_stores_areForOutputsOnly() {
        assertAccepted(mov(R2, 1), store(DW, R1, 16, R2), store(W, R1, 24, 7), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_READ_ONLY, fault(), store(DW, R1, 0, 1), mov(R0, 0), exit());
        assertRejected(RejectionCode.CONTEXT_FIELD, fault(), store(W, R1, 16, 1), mov(R0, 0), exit());
    }

    @Test
    void context_storeOfPointer_isRejected() {
        assertRejected(RejectionCode.POINTER_LEAK, fault(), store(DW, R1, 16, R10), mov(R0, 0), exit());
        assertRejected(RejectionCode.POINTER_LEAK, fault(), store(DW, R1, 16, R1), mov(R0, 0), exit());
    }

    @Test
    void context_values_haveTheirWidth() {
        assertAccepted(load(W, R0, R1, 8), alu(AluOp.RSH, R0, 32), exit());
        assertRejected(RejectionCode.RETURN_VALUE, load(DW, R0, R1, 0), alu(AluOp.RSH, R0, 32), fault(), exit());
    }

    @Test
    void arrayArea_throughDirectAddress_isBounded() {
        assertAccepted(mapValue(R1, ARRAY, 0), load(DW, R0, R1, 56), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.VALUE_BOUNDS, mapValue(R1, ARRAY, 0), fault(), load(DW, R0, R1, 57), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.VALUE_BOUNDS, mapValue(R1, ARRAY, 8), fault(), load(B, R0, R1, -9), mov(R0, 0), exit());
    }

    @Test
    void arrayElement_byCheckedIndex_isAccepted() {
        assertAccepted(
                load(W, R2, R1, 8),
                jump(JumpOp.GE, R2, 4, "end"),
                alu(AluOp.LSH, R2, 4),
                mapValue(R1, ARRAY, 0),
                add(R1, R2),
                load(W, R0, R1, 8),
                store(DW, R1, 0, R0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void arrayElement_byIndexCheckedOneTooFar_isRejected() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                jump(JumpOp.GT, R2, 4, "end"),
                alu(AluOp.LSH, R2, 4),
                mapValue(R1, ARRAY, 0),
                add(R1, R2),
                fault(),
                load(W, R0, R1, 8),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void mapValue_storeOfPointer_isRejected() {
        assertRejected(
                RejectionCode.POINTER_LEAK, mapValue(R2, ARRAY, 0), fault(), store(DW, R2, 0, R1), mov(R0, 0), exit());
    }

    @Test
    void rawMemory_itsSizeIsKnown_andWithoutMemoryBothAreZero() {
        // r0 = r2; r0 *= 8; r0 goes to the end of the frame exactly when r2 is 3, or 0.
        Verifier verifier = new Verifier();
        dev.gbpf.isa.Program within = program(
                mov(R0, R2), alu(AluOp.LSH, R0, 3), alu(AluOp.ADD, R0, R10), store(DW, R0, -32, 1), mov(R0, 0), exit());
        assertThat(verifier.verify(within, raw(3)).isAccepted()).isTrue();
        assertThat(verifier.verify(within, raw(4)).isAccepted()).isFalse();
        dev.gbpf.isa.Program nothing = program(
                mov(R0, R1),
                alu(AluOp.OR, R0, R2),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R0, R1, 0),
                label("end"),
                exit());
        assertAccepted(verifier.verify(nothing, raw(0)));
        assertThat(verifier.verify(nothing, raw(8)).isAccepted()).isFalse();
    }

    private static dev.gbpf.verifier.platform.ProgramType raw(int size) {
        return dev.gbpf.verifier.platform.ProgramType.raw(
                size, dev.gbpf.verifier.platform.ProgramType.NO_BUDGET, java.util.Set.of());
    }

    @Test
    void rawMemory_isBoundedAndPlain() {
        dev.gbpf.verifier.platform.ProgramType raw =
                dev.gbpf.verifier.platform.ProgramType.raw(16, 1000, java.util.Set.of());
        Verifier verifier = new Verifier();
        assertAccepted(verifier.verify(
                program(load(H, R0, R1, 3), store(DW, R1, 8, R0), atomic(AtomicOp.ADD, true, false, R1, 8, R0), exit()),
                raw));
        VerificationResult outside = verifier.verify(program(load(DW, R0, R1, 9), exit()), raw);
        assertThat(outside).isInstanceOf(VerificationResult.Rejected.class);
        assertThat(((VerificationResult.Rejected) outside)
                        .diagnostics()
                        .getFirst()
                        .code())
                .isEqualTo(RejectionCode.MEMORY_BOUNDS.code());
        assertThat(verifier.verify(program(store(DW, R1, 0, R10), mov(R0, 0), exit()), raw)
                        .isAccepted())
                .isFalse();
    }

    @Test
    void readOnlyMap_reads_giveItsContents() {
        // Byte 0 is 5, so the verdict is in range; bytes 4 to 7 are 0xff.
        assertAccepted(mapValue(R1, CONSTANTS, 0), load(B, R0, R1, 0), exit());
        assertAccepted(mapValue(R1, CONSTANTS, 8), load(DW, R0, R1, 0), exit());
        assertRejected(RejectionCode.RETURN_VALUE, mapValue(R1, CONSTANTS, 4), load(W, R0, R1, 0), fault(), exit());
        assertAccepted(
                store(W, R10, -4, 0),
                map(R1, CONSTANTS),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(B, R0, R0, 0),
                label("end"),
                exit());
    }

    @Test
    void readOnlyMap_writes_areRejected() {
        assertRejected(
                RejectionCode.MAP_READ_ONLY,
                mapValue(R1, CONSTANTS, 0),
                fault(),
                store(B, R1, 0, 1),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.MAP_READ_ONLY,
                mapValue(R1, CONSTANTS, 0),
                mov(R2, 1),
                fault(),
                atomic(AtomicOp.ADD, true, false, R1, 0, R2),
                mov(R0, 0),
                exit());
        for (Helper helper : List.of(Helper.MAP_UPDATE_ELEM, Helper.MAP_DELETE_ELEM)) {
            assertRejected(
                    RejectionCode.MAP_READ_ONLY,
                    store(DW, R10, -16, 0),
                    store(DW, R10, -8, 0),
                    map(R1, CONSTANTS),
                    mov(R2, R10),
                    add(R2, -16),
                    mov(R3, R2),
                    mov(R4, 0),
                    fault(),
                    call(helper),
                    mov(R0, 0),
                    exit());
        }
    }
}
