package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.testkit.MachineMemory.Kind;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;

/** Loads, stores and atomics of a {@link CheckedMachine}, each checked. */
final class MachineAccess {
    private final MachineState state;
    private final MachineMaps maps;
    private final ContextModel context;

    MachineAccess(MachineState state, MachineMaps maps, ContextModel context) {
        this.state = state;
        this.maps = maps;
        this.context = context;
    }

    /** The position of an access, which must be inside of memory that allows it. */
    int place(Ptr p, int offset, int width) {
        long at = p.base() + p.offset() + offset;
        long from = 0;
        long to = p.memory().bytes.length;
        if (p.memory().kind() == Kind.VALUE && p.base() != 0) {
            MapDefinition map = maps.definition(p.memory().number());
            if (map.kind() == MapKind.ARRAY) {
                from = p.base();
                to = p.base() + map.valueSize();
            }
        }
        if (at < from || at + width > to) {
            throw new MachineFault(
                    "access of " + width + " at " + at + " of " + p.memory().kind() + " " + from + ".." + to);
        }
        if (p.memory().kind() == Kind.STACK && isDead(p.memory())) {
            throw new MachineFault("access to a dead frame");
        }
        if (p.memory().kind() == Kind.RECORD && !state.held().contains(p.memory())) {
            throw new MachineFault("access to a released record");
        }
        return (int) at;
    }

    private boolean isDead(MachineMemory frame) {
        return frame.number() > state.depth() || frame != state.frame(frame.number());
    }

    private ContextField field(int at, int width) {
        if (!(context instanceof ContextModel.Fields fields)) {
            throw new MachineFault("there is no context");
        }
        for (ContextField field : fields.layout().fields()) {
            if (field.offset() == at && field.width().bytes() == width) {
                return field;
            }
        }
        throw new MachineFault("no context field at " + at + " of " + width);
    }

    void load(Instruction.Load i) {
        Ptr p = state.pointer(i.base());
        int width = i.width().bytes();
        int at = place(p, i.offset(), width);
        if (p.memory().kind() == Kind.CONTEXT) {
            field(at, width);
        }
        MachineValue pointer = width == 8 ? p.memory().pointer(at) : null;
        if (pointer != null) {
            state.set(i.dst(), pointer);
            return;
        }
        if (!p.memory().readable(at, width)) {
            throw new MachineFault("uninitialised memory is read");
        }
        long value = p.memory().load(at, width);
        int unused = 64 - 8 * width;
        state.set(i.dst(), i.signExtend() ? value << unused >> unused : value);
    }

    void store(Instruction.Store i) {
        Ptr p = state.pointer(i.base());
        int width = i.width().bytes();
        int at = place(p, i.offset(), width);
        if (p.memory().kind() == Kind.CONTEXT && !field(at, width).writable()) {
            throw new MachineFault("read-only field is stored to");
        }
        MachineValue value = state.value(i.src());
        if (value instanceof Num n) {
            p.memory().store(at, width, n.value());
        } else if (p.memory().kind() == Kind.STACK && width == 8 && at % 8 == 0) {
            p.memory().storePointer(at, value);
        } else {
            throw new MachineFault("pointer leaks");
        }
    }

    void atomic(Instruction.Atomic i) {
        Ptr p = state.pointer(i.base());
        int width = i.is64() ? 8 : 4;
        int at = place(p, i.offset(), width);
        if (p.memory().kind() == Kind.CONTEXT || at % width != 0 || !p.memory().readable(at, width)) {
            throw new MachineFault("atomic on " + p.memory().kind() + " at " + at);
        }
        long old = p.memory().load(at, width);
        long source = operand(i, i.src());
        long result = switch (i.op()) {
            case ADD -> old + source;
            case OR -> old | source;
            case AND -> old & source;
            case XOR -> old ^ source;
            case XCHG -> source;
            case CMPXCHG -> operand(i, Register.R0) == old ? source : old;
        };
        p.memory().store(at, width, result);
        if (i.fetch()) {
            state.set(i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src(), old);
        }
    }

    private long operand(Instruction.Atomic i, Register register) {
        return i.is64() ? state.number(register) : state.number(register) & 0xFFFF_FFFFL;
    }
}
