package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R4;
import static dev.gbpf.isa.Register.R6;
import static dev.gbpf.verifier.Code.add;
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
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what with snapshots and counters. */
class SharedMapRulesTest {
    private static final int SNAPSHOT = 0;
    private static final int COUNTERS = 1;
    private static final int ARRAY = 2;
    private static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("weights", MapKind.SNAPSHOT, 4, 16, 8),
            new MapDefinition("granted", MapKind.COUNTERS, 4, 16, 8),
            new MapDefinition("plain", MapKind.ARRAY, 4, 16, 8));
    private static final ProgramType HOST = ProgramType.of(Hook.ON_TICK);
    private static final ProgramType DEVICE = ProgramType.of(Hook.CTA_ADMIT);

    /** What is said of a program that has the value of key 1 of a map in r6; null when it is accepted. */
    private static @Nullable RejectionCode fault(ProgramType type, int map, Code.Line... body) {
        List<Code.Line> all = new ArrayList<>(List.of(
                store(Width.DW, R10, -24, 0),
                store(Width.DW, R10, -16, 0),
                store(Width.DW, R10, -8, 1),
                map(R1, map),
                mov(R2, R10),
                add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                mov(R6, R0),
                mov(R2, 1)));
        all.addAll(Arrays.asList(body));
        all.addAll(List.of(label("end"), mov(R0, 0), exit()));
        return switch (new Verifier().verify(Code.assemble(all).program(), type, MAPS)) {
            case VerificationResult.Accepted _ -> null;
            case VerificationResult.Rejected rejected ->
                rejected.explanations().getFirst().violation().code();
        };
    }

    /** A call of a map helper with keys and values that are there, the value from a place. */
    private static Code.Line[] change(Helper helper, int map) {
        return new Code.Line[] {
            map(R1, map), mov(R2, R10), add(R2, -8), mov(R3, R10), add(R3, -24), mov(R4, 0), call(helper)
        };
    }

    @Test
    void snapshot_onTheHost_isOpen() {
        assertThat(fault(HOST, SNAPSHOT, load(Width.DW, R3, R6, 8), store(Width.DW, R6, 0, 3)))
                .isNull();
        assertThat(fault(HOST, SNAPSHOT, atomic(AtomicOp.OR, true, true, R6, 8, R2)))
                .isNull();
        assertThat(fault(HOST, SNAPSHOT, change(Helper.MAP_UPDATE_ELEM, SNAPSHOT)))
                .isNull();
    }

    @Test
    void snapshot_onTheDevice_isReadOnly() {
        assertThat(fault(DEVICE, SNAPSHOT, load(Width.B, R3, R6, 15))).isNull();
        for (Width width : Width.values()) {
            assertThat(fault(DEVICE, SNAPSHOT, store(width, R6, 0, 1))).isEqualTo(RejectionCode.SNAPSHOT_WRITE);
        }
        assertThat(fault(DEVICE, SNAPSHOT, load(Width.B, R3, R6, 16))).isEqualTo(RejectionCode.VALUE_BOUNDS);
    }

    @ParameterizedTest
    @EnumSource(AtomicOp.class)
    void atomicOperations_onTheDevice_countAndNothingElse(AtomicOp op) {
        assertThat(fault(DEVICE, SNAPSHOT, mov(R0, 0), atomic(op, true, true, R6, 0, R2)))
                .isEqualTo(RejectionCode.SNAPSHOT_WRITE);
        assertThat(fault(DEVICE, COUNTERS, mov(R0, 0), atomic(op, true, true, R6, 0, R2)))
                .isEqualTo(RejectionCode.COUNTERS_ADD);
        assertThat(fault(HOST, COUNTERS, mov(R0, 0), atomic(op, true, true, R6, 0, R2)))
                .isEqualTo(RejectionCode.COUNTERS_WRITE);
        if (op != AtomicOp.XCHG && op != AtomicOp.CMPXCHG) {
            assertThat(fault(DEVICE, COUNTERS, atomic(op, true, false, R6, 8, R2)))
                    .isEqualTo(op == AtomicOp.ADD ? null : RejectionCode.COUNTERS_ADD);
            assertThat(fault(HOST, COUNTERS, atomic(op, true, false, R6, 8, R2)))
                    .isEqualTo(RejectionCode.COUNTERS_WRITE);
        }
    }

    @Test
    void counters_onTheDevice_areAddedToWhole() {
        assertThat(fault(DEVICE, COUNTERS, atomic(AtomicOp.ADD, true, false, R6, 8, R2)))
                .isNull();
        assertThat(fault(DEVICE, COUNTERS, atomic(AtomicOp.ADD, false, false, R6, 8, R2)))
                .isEqualTo(RejectionCode.COUNTERS_ADD);
        assertThat(fault(DEVICE, COUNTERS, atomic(AtomicOp.ADD, true, false, R6, 4, R2)))
                .isEqualTo(RejectionCode.ATOMIC_ALIGNMENT);
        assertThat(fault(DEVICE, COUNTERS, atomic(AtomicOp.ADD, true, false, R6, 16, R2)))
                .isEqualTo(RejectionCode.VALUE_BOUNDS);
        assertThat(fault(DEVICE, COUNTERS, load(Width.DW, R3, R6, 0))).isEqualTo(RejectionCode.COUNTERS_ADD);
        assertThat(fault(DEVICE, COUNTERS, store(Width.DW, R6, 0, 0))).isEqualTo(RejectionCode.COUNTERS_ADD);
    }

    @Test
    void counters_onTheHost_areReadOnly() {
        assertThat(fault(HOST, COUNTERS, load(Width.DW, R3, R6, 8))).isNull();
        assertThat(fault(HOST, COUNTERS, store(Width.DW, R6, 0, 0))).isEqualTo(RejectionCode.COUNTERS_WRITE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Helper.class,
            names = {"MAP_UPDATE_ELEM", "MAP_DELETE_ELEM"})
    void helpersThatChangeMaps_haveTheSameRights(Helper helper) {
        assertThat(fault(DEVICE, ARRAY, change(helper, SNAPSHOT))).isEqualTo(RejectionCode.SNAPSHOT_WRITE);
        assertThat(fault(DEVICE, ARRAY, change(helper, COUNTERS))).isEqualTo(RejectionCode.COUNTERS_ADD);
        assertThat(fault(HOST, ARRAY, change(helper, COUNTERS))).isEqualTo(RejectionCode.COUNTERS_WRITE);
        assertThat(fault(HOST, ARRAY, change(helper, SNAPSHOT))).isNull();
    }

    @Test
    void helpersThatReadValues_doNotReadCountersOfABlock() {
        Code.Line[] copy = {
            map(R1, ARRAY), mov(R2, R10), add(R2, -8), mov(R3, R6), mov(R4, 0), call(Helper.MAP_UPDATE_ELEM)
        };
        assertThat(fault(DEVICE, COUNTERS, copy)).isEqualTo(RejectionCode.COUNTERS_ADD);
        assertThat(fault(DEVICE, SNAPSHOT, copy)).isNull();
        assertThat(fault(HOST, COUNTERS, copy)).isNull();
        Code.Line[] key = {map(R1, ARRAY), mov(R2, R6), call(Helper.MAP_LOOKUP_ELEM)};
        assertThat(fault(DEVICE, COUNTERS, key)).isEqualTo(RejectionCode.COUNTERS_ADD);
    }

    @Test
    void helpersThatFillValues_doNotFillSharedOnes() {
        MapDefinition queue = new MapDefinition("queue", MapKind.QUEUE, 0, 8, 4);
        List<MapDefinition> maps = List.of(MAPS.get(COUNTERS), queue);
        VerificationResult result = new Verifier()
                .verify(
                        Code.assemble(List.of(
                                        store(Width.DW, R10, -8, 1),
                                        map(R1, 0),
                                        mov(R2, R10),
                                        add(R2, -8),
                                        call(Helper.MAP_LOOKUP_ELEM),
                                        jump(JumpOp.EQ, R0, 0, "end"),
                                        mov(R2, R0),
                                        map(R1, 1),
                                        call(Helper.MAP_POP_ELEM),
                                        label("end"),
                                        mov(R0, 0),
                                        exit()))
                                .program(),
                        HOST,
                        maps);
        assertThat(result)
                .isInstanceOfSatisfying(
                        VerificationResult.Rejected.class,
                        rejected -> assertThat(rejected.explanations()
                                        .getFirst()
                                        .violation()
                                        .code())
                                .isEqualTo(RejectionCode.COUNTERS_WRITE));
    }

    @Test
    void directAddresses_leadIntoPlainArraysOnly() {
        for (int map : List.of(SNAPSHOT, COUNTERS)) {
            for (ProgramType type : List.of(HOST, DEVICE)) {
                assertThat(fault(type, ARRAY, mapValue(R3, map, 0))).isEqualTo(RejectionCode.INVALID_MAP_VALUE_ADDRESS);
            }
        }
    }

    @Test
    void additions_byEachLane_keepTheLanesTogether() {
        int tenant = Hook.SM_TICK.context().offsetOf("tenant");
        VerificationResult result = new Verifier()
                .verify(
                        Code.assemble(List.of(
                                        load(Width.W, R3, R1, tenant),
                                        Code.and(R3, 7),
                                        store(Width.W, R10, -4, R3),
                                        map(R1, COUNTERS),
                                        mov(R2, R10),
                                        add(R2, -4),
                                        call(Helper.MAP_LOOKUP_ELEM),
                                        jump(JumpOp.EQ, R0, 0, "end"),
                                        mov(R2, 1),
                                        atomic(AtomicOp.ADD, true, false, R0, 0, R2),
                                        label("end"),
                                        mov(R0, 0),
                                        exit()))
                                .program(),
                        ProgramType.of(Hook.SM_TICK),
                        MAPS);
        assertThat(result).isInstanceOf(VerificationResult.Accepted.class);
    }
}
