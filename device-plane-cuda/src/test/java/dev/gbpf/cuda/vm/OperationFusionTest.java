package dev.gbpf.cuda.vm;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R4;
import static dev.gbpf.isa.Register.R6;
import static dev.gbpf.verifier.Code.add;
import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.program;
import static dev.gbpf.verifier.Code.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which operations become one. That they do what the instructions do, random programs show. */
class OperationFusionTest {
    /** The operations of a program, but for the one at its end that never runs. */
    private static List<String> operations(Code.Line... lines) {
        long[] words = MicroOpEncoder.encode(program(lines), NoMaps.NO_MAPS).words();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i + 2 < words.length; i += 2) {
            int parts = (int) (words[i] >>> 32);
            DeviceOp op = DeviceOp.values()[parts & 127];
            int offset = parts >> MicroOps.OFFSET_SHIFT;
            String text = op + " r" + ((parts >> MicroOps.D_SHIFT) & 15) + " r" + ((parts >> MicroOps.A_SHIFT) & 15)
                    + " " + offset + " " + words[i + 1];
            texts.add(text);
        }
        return texts;
    }

    @Test
    void shiftedXor_andTheProductAfterIt_areOneMix() {
        assertThat(operations(
                        mov(R3, R2),
                        alu(AluOp.RSH, R3, 5),
                        alu(AluOp.XOR, R1, R3),
                        mov(R3, R1),
                        alu(AluOp.RSH, R3, 7),
                        alu(AluOp.XOR, R1, R3),
                        alu(AluOp.MUL, R1, 11),
                        mov(R0, R1),
                        exit()))
                .containsExactly("MIX r1 r2 " + MixShifts.of(5, 7) + " 11", "RETURN_SHR_AND r0 r1 0 -1");
    }

    /** r1 times a factor, mixed with another register. */
    private static Code.Line[] hash(Register other, int factor) {
        return new Code.Line[] {
            mov(R3, R1),
            alu(AluOp.MUL, R3, factor),
            mov(R4, other),
            alu(AluOp.RSH, R4, 3),
            alu(AluOp.XOR, R3, R4),
            mov(R4, R3),
            alu(AluOp.RSH, R4, 15),
            alu(AluOp.XOR, R3, R4),
            alu(AluOp.MUL, R3, 13),
            mov(R0, R3),
            exit()
        };
    }

    @Test
    void productThatAMixFollows_isOneHash() {
        int offset = HashForm.offset(MixShifts.of(3, 15), 2);
        assertThat(operations(hash(R2, 11)))
                .containsExactly("HASH r3 r1 " + offset + " " + HashForm.imm(11, 13), "RETURN_SHR_AND r0 r3 0 -1");
    }

    @Test
    void hash_ofARegisterOrAFactorThatHasNoRoom_isTwoOperations() {
        assertThat(operations(hash(R6, 11)))
                .containsExactly(
                        "MUL64_I r3 r1 0 11", "MIX r3 r6 " + MixShifts.of(3, 15) + " 13", "RETURN_SHR_AND r0 r3 0 -1");
        assertThat(operations(hash(R2, -11)))
                .containsExactly(
                        "MUL64_I r3 r1 0 -11", "MIX r3 r2 " + MixShifts.of(3, 15) + " 13", "RETURN_SHR_AND r0 r3 0 -1");
    }

    /** Compares a field of r3 with one of r2, whose mask is given, and gives a number, else what is in another register. */
    private static Code.Line[] fields(int mask, int result, Register otherwise) {
        return new Code.Line[] {
            mov(R4, R3),
            alu(AluOp.RSH, R4, 5),
            alu(AluOp.AND, R4, 255),
            mov(R6, R2),
            alu(AluOp.AND, R6, mask),
            mov(R0, result),
            jump(JumpOp.GE, R4, R6, "end"),
            mov(R0, otherwise),
            label("end"),
            exit()
        };
    }

    @Test
    void comparisonOfFields_isOneJump() {
        long imm = 7L
                | ((long) (JumpForm.RESULT | JumpForm.NEGATED) << FieldsForm.FLAGS_SHIFT)
                | (5L << FieldsForm.D_SHIFT)
                | (255L << 32)
                | (63L << 48);
        assertThat(operations(fields(63, 7, R1)))
                .containsExactly("JLT_FIELDS r3 r2 1 " + imm, "RETURN_SHR_AND r0 r1 0 -1", "EXIT r0 r0 0 0");
    }

    @Test
    void comparisonOfFields_thatAreReadLaterOrHaveNoRoom_comparesRegisters() {
        assertThat(operations(fields(63, 7, R6)))
                .contains("AND64_I r6 r2 0 63")
                .anyMatch(o -> o.startsWith("JLT64 r4 r6"));
        assertThat(operations(fields(65_536, 7, R1))).anyMatch(o -> o.startsWith("JLT64 r4 r6"));
        assertThat(operations(fields(63, 32_768, R1))).anyMatch(o -> o.startsWith("JLT64 r4 r6"));
    }

    @Test
    void shiftedValue_thatIsReadLater_staysInItsRegister() {
        assertThat(operations(
                        mov(R3, R2), alu(AluOp.RSH, R3, 5), alu(AluOp.XOR, R1, R3), add(R1, R3), mov(R0, R1), exit()))
                .containsExactly(
                        "SHR_AND r3 r2 5 -1", "XOR64 r1 r3 0 0", "ADD64 r1 r3 0 0", "RETURN_SHR_AND r0 r1 0 -1");
    }

    @Test
    void shiftedValue_thatTheOtherBranchReads_staysInItsRegister() {
        assertThat(operations(
                        mov(R0, 0),
                        mov(R3, R2),
                        alu(AluOp.RSH, R3, 5),
                        alu(AluOp.XOR, R1, R3),
                        jump(JumpOp.EQ, R1, 1, "end"),
                        mov(R0, R3),
                        label("end"),
                        exit()))
                .contains("SHR_AND r3 r2 5 -1", "XOR64 r1 r3 0 0");
    }

    @Test
    void operation_thatOthersJumpTo_isFusedWithNoneBefore() {
        assertThat(operations(
                        mov(R0, R2),
                        jump(JumpOp.EQ, R1, 1, "there"),
                        alu(AluOp.RSH, R0, 5),
                        label("there"),
                        alu(AluOp.AND, R0, 15),
                        exit()))
                .containsExactly(
                        "MOV64 r0 r2 0 0", "JEQ64_I r0 r1 1 1", "SHR_AND r0 r0 5 -1", "RETURN_SHR_AND r0 r0 0 15");
    }

    @Test
    void addressOfAnElement_isOneOperation() {
        assertThat(operations(mov(R2, 4096), alu(AluOp.LSH, R1, 3), add(R2, R1), mov(R0, R2), exit()))
                .containsExactly("SHL_ADD r2 r1 3 4096", "RETURN_SHR_AND r0 r2 0 -1");
    }

    @Test
    void elementsAddress_whoseIndexIsReadLater_leavesTheIndex() {
        assertThat(operations(mov(R2, 4096), alu(AluOp.LSH, R1, 3), add(R2, R1), mov(R0, R2), add(R0, R1), exit()))
                .containsExactly(
                        "SHL_ADD r1 r1 3 0",
                        "ADD64_I r2 r1 0 4096",
                        "MOV64 r0 r2 0 0",
                        "ADD64 r0 r1 0 0",
                        "EXIT r0 r0 0 0");
    }

    @Test
    void constant_thatAnOperationReads_isInTheOperation() {
        assertThat(operations(
                        mov(R2, 0),
                        alu(AluOp.SUB, R2, R1),
                        mov(R3, 9),
                        alu(AluOp.OR, R2, R3),
                        store(Width.DW, R10, -8, R2),
                        mov(R0, 1),
                        exit()))
                .containsExactly("RSUB64_I r2 r1 0 0", "OR64_I r2 r0 0 9", "STORE64 r10 r2 0 -8", "RETURN_I r0 r0 0 1");
    }

    @Test
    void copy_thatOnlyTheNextOperationReads_isNotMade() {
        assertThat(operations(mov(R6, R1), load(Width.DW, R0, R6, 8), exit()))
                .containsExactly("LOAD64 r0 r1 0 8", "EXIT r0 r0 0 0");
    }

    @Test
    void constantAndComparison_areOneJump_whoseConditionDoesNotSeeTheConstant() {
        long imm = JumpForm.withResult((long) JumpForm.NEGATED << 32, -8);
        assertThat(operations(mov(R0, -8), jump(JumpOp.GE, R1, R2, "end"), mov(R0, R2), label("end"), exit()))
                .containsExactly("JLT64 r1 r2 1 " + imm, "RETURN_SHR_AND r0 r2 0 -1", "EXIT r0 r0 0 0");
        assertThat(operations(mov(R0, 8), jump(JumpOp.LT, R0, R2, "end"), mov(R0, R2), label("end"), exit()))
                .contains("MOV64_I r0 r0 0 8", "JLT64 r0 r2 1 0");
    }

    @Test
    void jumpToTheEnd_isTheEnd() {
        assertThat(operations(
                        jump(JumpOp.EQ, R1, 1, "other"),
                        mov(R0, 5),
                        jump("end"),
                        label("other"),
                        mov(R0, 6),
                        label("end"),
                        exit()))
                .containsExactly("JEQ64_I r0 r1 1 1", "RETURN_I r0 r0 0 5", "RETURN_I r0 r0 0 6", "EXIT r0 r0 0 0");
    }

    @Test
    void argumentsOfHelpers_areSet() {
        assertThat(operations(mov(R1, 1), mov(R2, R4), call(Helper.LOG), mov(R0, 0), exit()))
                .containsExactly(
                        "MOV64_I r1 r0 0 1",
                        "MOV64 r2 r4 0 0",
                        "CALL_HELPER r0 r0 0 " + Helper.LOG.id(),
                        "RETURN_I r0 r0 0 0");
    }
}
