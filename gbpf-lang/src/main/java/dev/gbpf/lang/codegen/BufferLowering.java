package dev.gbpf.lang.codegen;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.sema.BoundStatement;
import dev.gbpf.lang.sema.BufferOperation;
import dev.gbpf.lang.sema.MapSchema;
import dev.gbpf.lang.sema.Slot;
import java.util.List;

/**
 * Queues, stacks and ring buffers. Values of queues and stacks go through the top of the stack frame, like keys; a record of a
 * ring buffer is filled where it is, between the reservation and the submission, with nothing in between that could go wrong.
 */
final class BufferLowering {
    private static final Source ZERO = new Source.Imm(0);

    private final HookLowering hook;
    private final CodeBuilder code;

    BufferLowering(HookLowering hook) {
        this.hook = hook;
        this.code = hook.code();
    }

    /** Puts a value there; jumps to {@code full} when there is no room. */
    void put(BoundStatement.Put put, int full) {
        List<Source> numbers = hook.maps().evaluate(put.value());
        if (put.operation() == BufferOperation.EMIT) {
            emit(put, numbers, full);
            return;
        }
        int offset = offset(put.map());
        hook.maps().storeInFrame(put.value(), numbers, offset);
        code.emit(new LowInstruction.LoadMap(1, put.map().index()));
        hook.maps().frameAddress(2, offset);
        code.move(3, ZERO);
        code.branch(JumpOp.NE, hook.maps().call(Helper.MAP_PUSH_ELEM), ZERO, full);
    }

    /** What is reserved is zero, padding too. */
    private void emit(BoundStatement.Put put, List<Source> numbers, int full) {
        code.emit(new LowInstruction.LoadMap(1, put.map().index()));
        code.move(2, new Source.Imm(put.map().value().size()));
        code.move(3, ZERO);
        int record = hook.maps().call(Helper.RINGBUF_RESERVE);
        code.branch(JumpOp.EQ, record, ZERO, full);
        hook.maps().store(put.value(), numbers, record);
        code.move(1, new Source.Reg(record));
        code.move(2, ZERO);
        code.emit(new LowInstruction.Call(Helper.RINGBUF_SUBMIT));
    }

    /** Has a value put into the frame, whose numbers {@link #number} gives until the next access of a map; jumps when there is none. */
    void take(Helper helper, MapSchema map, int empty) {
        int offset = offset(map);
        code.reserve(-offset);
        code.emit(new LowInstruction.LoadMap(1, map.index()));
        hook.maps().frameAddress(2, offset);
        code.branch(JumpOp.NE, hook.maps().call(helper), ZERO, empty);
    }

    /** Loads a number of the value that was taken. */
    void number(MapSchema map, Slot slot, int register) {
        hook.maps().loadInto(register, slot, LowInstruction.FRAME, offset(map));
    }

    /** Where in the frame a value of a map lies. */
    private static int offset(MapSchema map) {
        return -(map.value().size() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }
}
