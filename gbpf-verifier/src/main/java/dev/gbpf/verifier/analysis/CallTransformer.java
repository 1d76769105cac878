package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import java.util.List;

/** What calls of helpers make of a state. */
final class CallTransformer {
    private final List<MapDefinition> maps;
    private final boolean anyResults;

    /**
     * A transformer.
     *
     * @param anyResults whether helpers may return any number, and not only what they promise
     */
    CallTransformer(List<MapDefinition> maps, boolean anyResults) {
        this.maps = maps;
        this.anyResults = anyResults;
    }

    /** Changes the state to what holds after a call of a helper, by the instruction of this index. */
    void call(EbpfState state, Instruction.CallHelper i, int index) {
        Value result = Helper.byId(i.id()).map(h -> called(state, h, index)).orElse(Uninitialised.INSTANCE);
        state.clobberArguments();
        state.set(Register.R0, result);
    }

    /** What the helper does to memory and references; its result. */
    private Value called(EbpfState state, Helper helper, int index) {
        Value result = result(state, helper, index);
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (!(state.get(Register.of(k + 1)) instanceof Pointer pointer)) {
                continue;
            }
            ArgumentKind kind = helper.arguments().get(k).kind();
            if (kind == ArgumentKind.RECORD && pointer.region() instanceof Region.ReservedRecord record) {
                state.release(record);
            } else if (kind == ArgumentKind.MAP_VALUE_OUT
                    && pointer.region() instanceof Region.Stack stack
                    && state.get(Register.R1) instanceof MapReference reference) {
                fill(state, stack, pointer, maps.get(reference.map()).valueSize());
            }
        }
        return result;
    }

    /** Numbers are written to memory of the stack, all of it. */
    private static void fill(EbpfState state, Region.Stack stack, Pointer pointer, int size) {
        StackAccess access = StackAccess.of(pointer, 0, size);
        if (access == null) {
            return;
        }
        StackFrame memory = state.frame(stack.frame());
        if (!access.isExact()) {
            state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
            return;
        }
        for (int at = access.position(); at < access.position() + size; ) {
            int width = Math.min(StackSlot.BYTES - at % StackSlot.BYTES, access.position() + size - at);
            memory = memory.writeUnknown(at, width);
            at += width;
        }
        state.setFrame(stack.frame(), memory);
    }

    private Value result(EbpfState state, Helper helper, int index) {
        if (helper.returnKind() == ReturnKind.SCALAR) {
            return Numeric.of(
                    anyResults ? Scalar.ofBits(Long.SIZE) : Scalar.signed(helper.returnMin(), helper.returnMax()));
        }
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (state.get(Register.of(k + 1)) instanceof MapReference reference) {
                MapDefinition map = maps.get(reference.map());
                if (helper.acquires()) {
                    return acquired(state, reference.map(), index);
                }
                Region value = Region.MapValue.value(reference.map(), map);
                return map.kind().isIndexed() && isElement(state, helper, map)
                        ? Pointer.to(value)
                        : new Pointer(value, Scalar.constant(0), true, state.freshIdentity(), 0, 0);
            }
        }
        return Uninitialised.INSTANCE;
    }

    private Value acquired(EbpfState state, int map, int index) {
        return state.get(Register.R2) instanceof Numeric size && size.scalar().isConstant()
                ? state.acquire(new Region.ReservedRecord(
                        map, maps.get(map).name(), (int) size.scalar().wide().umin(), index))
                : Uninitialised.INSTANCE;
    }

    /** Whether the key on the stack is known to be the number of an element: an array has them all. */
    private static boolean isElement(EbpfState state, Helper helper, MapDefinition map) {
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (helper.arguments().get(k).kind() == ArgumentKind.MAP_KEY
                    && state.get(Register.of(k + 1)) instanceof Pointer key
                    && key.region() instanceof Region.Stack stack) {
                StackAccess access = StackAccess.of(key, 0, map.keySize());
                return access != null
                        && access.isExact()
                        && state.frame(stack.frame()).read(access.position(), map.keySize()) instanceof Numeric n
                        && Long.compareUnsigned(n.scalar().wide().umax(), map.maxEntries()) < 0;
            }
        }
        return false;
    }
}
