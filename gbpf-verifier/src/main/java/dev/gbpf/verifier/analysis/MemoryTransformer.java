package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.platform.ContextModel;
import java.util.List;

/** What loads, stores and atomic operations make of a state: of the stack it knows the contents, of other memory what is promised. */
final class MemoryTransformer {
    private final List<MapDefinition> maps;
    private final ContextModel context;

    MemoryTransformer(List<MapDefinition> maps, ContextModel context) {
        this.maps = maps;
        this.context = context;
    }

    /** What a load gives. */
    Value loaded(EbpfState state, Instruction.Load i) {
        Value value = read(state, i.base(), i.offset(), i.width());
        if (i.signExtend() && value instanceof Numeric n) {
            return Numeric.of(ScalarArithmetic.signExtend(n.scalar(), i.width().bits()));
        }
        return value;
    }

    private Value read(EbpfState state, Register base, int offset, Width width) {
        if (!(state.get(base) instanceof Pointer p)) {
            return Uninitialised.INSTANCE;
        }
        Value unknown = Numeric.of(Scalar.ofBits(width.bits()));
        return switch (p.region()) {
            case Region.Context c -> field(p.offset(), offset, width, unknown);
            case Region.RawMemory m -> unknown;
            case Region.ReservedRecord r -> unknown;
            case Region.MapValue v -> mapValue(v, p.offset(), offset, width, unknown);
            case Region.Stack stack -> {
                StackAccess access = StackAccess.of(p, offset, width.bytes());
                if (access == null) {
                    yield Uninitialised.INSTANCE;
                }
                yield access.isExact() ? readSlot(state, stack.frame(), access.position(), width.bytes()) : unknown;
            }
        };
    }

    /** A number in a map: known where the map is read-only and has one element. */
    private Value mapValue(Region.MapValue region, Scalar pointerOffset, int offset, Width width, Value unknown) {
        MapDefinition map = maps.get(region.map());
        long at = pointerOffset.wide().smin() + offset;
        boolean known = region.readOnly() && map.maxEntries() == 1 && pointerOffset.isConstant() && at >= 0;
        return known ? Numeric.of(Scalar.constant(map.initial().number(at, width.bytes()))) : unknown;
    }

    /** A field of the context: the plane promises a range for what programs cannot write. */
    private Value field(Scalar pointerOffset, int offset, Width width, Value unknown) {
        if (!(context instanceof ContextModel.Fields fields) || !pointerOffset.isConstant()) {
            return unknown;
        }
        long at = pointerOffset.wide().smin() + offset;
        return fields.layout().fields().stream()
                .filter(f -> f.offset() == at && f.width() == width && !f.writable())
                .findFirst()
                .<Value>map(f -> Numeric.of(Scalar.unsigned(f.min(), f.max())))
                .orElse(unknown);
    }

    /** A whole value that is loaded is the stored one. */
    private static Value readSlot(EbpfState state, int frame, int position, int width) {
        StackFrame memory = state.frame(frame);
        Value value = memory.read(position, width);
        boolean whole = position % 8 + width <= StackSlot.BYTES
                && memory.slot(position / 8).holds(position % 8, width);
        if (whole) {
            Value related = Values.related(value, state::freshIdentity);
            if (!Values.same(related, value)) {
                state.setFrame(
                        frame,
                        memory.with(position / 8, memory.slot(position / 8).replace(position % 8, related)));
            }
            return related;
        }
        return value;
    }

    /** Changes the state to what holds after a store. */
    static void store(EbpfState state, Instruction.Store i) {
        if (!(state.get(i.base()) instanceof Pointer p) || !(p.region() instanceof Region.Stack stack)) {
            // Other memory is not tracked.
            return;
        }
        StackAccess access = StackAccess.of(p, i.offset(), i.width().bytes());
        if (access == null) {
            return;
        }
        StackFrame memory = state.frame(stack.frame());
        if (access.isExact()) {
            Value value = i.src() instanceof Register r ? state.share(r) : EbpfTransformer.operand(state, i.src());
            state.setFrame(
                    stack.frame(), memory.write(access.position(), i.width().bytes(), value));
        } else {
            state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
        }
    }

    /** Changes the state to what holds after an atomic operation. */
    static void atomic(EbpfState state, Instruction.Atomic i) {
        int width = i.is64() ? 8 : 4;
        if (state.get(i.base()) instanceof Pointer p && p.region() instanceof Region.Stack stack) {
            StackAccess access = StackAccess.of(p, i.offset(), width);
            if (access != null) {
                StackFrame memory = state.frame(stack.frame());
                state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
            }
        }
        if (i.fetch()) {
            Register result = i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src();
            state.set(result, Numeric.of(Scalar.ofBits(8 * width)));
        }
    }
}
