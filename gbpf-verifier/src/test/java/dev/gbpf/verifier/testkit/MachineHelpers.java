package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.testkit.MachineMemory.Kind;
import dev.gbpf.verifier.testkit.MachineValue.MapRef;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Calls of helpers by a {@link CheckedMachine}: their arguments are checked, their results are inputs. */
final class MachineHelpers {
    private final MachineState state;
    private final MachineMaps maps;
    private final MachineAccess access;
    private final MachineInputs inputs;

    MachineHelpers(MachineState state, MachineMaps maps, MachineAccess access, MachineInputs inputs) {
        this.state = state;
        this.maps = maps;
        this.access = access;
        this.inputs = inputs;
    }

    /** What the arguments before the one that is looked at told. */
    private static final class Arguments {
        int map = -1;
        ByteBuffer key = ByteBuffer.allocate(0);
        int element = -1;
    }

    /** Calls a helper from the instruction at {@code index}. */
    void call(Helper helper, int index) {
        Arguments seen = new Arguments();
        for (int k = 0; k < helper.arguments().size(); k++) {
            check(helper, helper.arguments().get(k).kind(), k + 1, seen);
        }
        MachineValue result = switch (helper.returnKind()) {
            case SCALAR -> new Num(inputs.result(helper));
            case MAP_VALUE_OR_NULL -> maps.lookup(seen.map, seen.key, seen.element);
            case RECORD_OR_NULL -> reserve(index, (int) state.number(Register.R2));
        };
        state.forgetArguments();
        state.set(Register.R0, result);
    }

    private MachineValue reserve(int site, int size) {
        if (state.held().stream().anyMatch(r -> r.number() == site)) {
            throw new MachineFault("a second record of one site");
        }
        if (!inputs.hasEntry()) {
            return new Num(0);
        }
        MachineMemory record = MachineMemory.filled(Kind.RECORD, site, new byte[size]);
        state.held().add(record);
        return new Ptr(record, 0, 0);
    }

    private void check(Helper helper, ArgumentKind kind, int argument, Arguments seen) {
        MachineValue value = state.value(Register.of(argument));
        switch (kind) {
            case SCALAR -> state.number(Register.of(argument));
            case MEMORY_SIZE -> {
                long size = state.number(Register.of(argument));
                if (size < 1 || size > ArgumentKind.MAX_MEMORY) {
                    throw new MachineFault("size of memory is " + size);
                }
            }
            case MEMORY -> readable(value, (int) state.number(Register.of(argument + 1)));
            case MAP -> {
                if (!(value instanceof MapRef reference)) {
                    throw new MachineFault("not a map");
                }
                seen.map = reference.map();
                MapKind kindOfMap = maps.definition(seen.map).kind();
                if (!helper.takes(kindOfMap)) {
                    throw new MachineFault(helper + " of " + kindOfMap);
                }
            }
            case RECORD_SIZE -> {
                long size = state.number(Register.of(argument));
                if (size < 1 || size > ArgumentKind.MAX_RECORD) {
                    throw new MachineFault("size of a record is " + size);
                }
            }
            case RECORD -> {
                if (!(value instanceof Ptr p)
                        || p.offset() != 0
                        || !state.held().remove(p.memory())) {
                    throw new MachineFault("not a reserved record");
                }
            }
            case MAP_VALUE_OUT -> {
                if (!(value instanceof Ptr p) || p.memory().kind() == Kind.CONTEXT) {
                    throw new MachineFault("not memory for " + kind);
                }
                int size = maps.definition(seen.map).valueSize();
                int at = access.place(p, 0, size);
                for (byte b : inputs.memory(size)) {
                    p.memory().store(at++, 1, b);
                }
            }
            case MAP_KEY -> {
                MapDefinition map = maps.definition(seen.map);
                int at = readable(value, map.keySize());
                MachineMemory memory = ((Ptr) value).memory();
                seen.key = ByteBuffer.wrap(Arrays.copyOfRange(memory.bytes, at, at + map.keySize()));
                long number = map.keySize() == 4 ? memory.load(at, 4) : -1;
                seen.element = number >= 0 && number < map.maxEntries() ? (int) number : -1;
            }
            case MAP_VALUE -> readable(value, maps.definition(seen.map).valueSize());
        }
    }

    /** Where memory that is passed to a helper lies, all of which must have been written. */
    private int readable(MachineValue value, int size) {
        if (!(value instanceof Ptr p) || p.memory().kind() == Kind.CONTEXT) {
            throw new MachineFault("not memory");
        }
        int at = access.place(p, 0, size);
        if (!p.memory().readable(at, size)) {
            throw new MachineFault("uninitialised memory is passed");
        }
        return at;
    }
}
