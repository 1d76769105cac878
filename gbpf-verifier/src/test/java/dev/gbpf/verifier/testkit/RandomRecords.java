package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.map;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** Random work with ring buffers and queues. */
final class RandomRecords {
    private final CodeWriter code;
    private final RandomCode whole;

    RandomRecords(CodeWriter code, RandomCode whole) {
        this.code = code;
        this.whole = whole;
    }

    /** Reserves a record, writes to it, and releases it, mostly: the pointer is kept on the stack. */
    void record(int depth) {
        String end = code.fresh();
        int slot = -144 - 8 * depth;
        code.add(map(Register.R1, TestHook.RING));
        code.add(mov(Register.R2, code.random.nextInt(20) == 0 ? code.edge() : 16));
        code.add(mov(Register.R3, 0));
        code.add(call(Helper.RINGBUF_RESERVE));
        if (code.random.nextInt(12) != 0) {
            code.add(jump(JumpOp.EQ, Register.R0, 0, end));
        }
        code.add(store(Width.DW, Register.R10, slot, Register.R0));
        code.add(mov(Register.R1, Register.R0));
        code.add(mov(Register.R0, 0));
        code.reinitialise();
        code.add(store(Width.DW, Register.R1, code.random.nextBoolean() ? 8 : 0, Register.R7));
        whole.block(code.random.nextInt(3), depth + 1);
        if (code.random.nextInt(20) != 0) {
            code.add(load(Width.DW, Register.R1, Register.R10, slot));
            code.add(mov(Register.R2, 0));
            code.add(call(code.random.nextBoolean() ? Helper.RINGBUF_SUBMIT : Helper.RINGBUF_DISCARD));
            if (code.random.nextInt(12) == 0) {
                code.add(load(Width.DW, Register.R1, Register.R10, slot));
                code.add(load(Width.B, Register.R2, Register.R1, 0));
            }
        }
        code.add(label(end));
        code.add(mov(Register.R0, code.edge()));
        code.reinitialise();
    }

    /** Fills 12 bytes of the stack. */
    void pop() {
        code.add(map(Register.R1, TestHook.QUEUE));
        code.add(mov(Register.R2, Register.R10));
        code.add(Code.add(Register.R2, code.random.nextInt(8) == 0 ? code.edge() : code.local() - 8));
        code.add(call(code.random.nextBoolean() ? Helper.MAP_POP_ELEM : Helper.MAP_PEEK_ELEM));
        code.reinitialise();
    }
}
