package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.testkit.MachineMemory;
import dev.gbpf.verifier.testkit.MachineState;
import dev.gbpf.verifier.testkit.MachineValue;
import dev.gbpf.verifier.testkit.MachineValue.MapRef;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import org.jspecify.annotations.Nullable;

/** One thing that a state says about concrete states. */
sealed interface Fact {
    /** Whether it is so; {@code relations} has what the facts before it said of the symbols and identities of the state. */
    boolean holds(MachineState machine, Relations relations);

    /** What stands at the place that the fact speaks of, as text. */
    String actual(MachineState machine);

    /** A fact about the value at one place. */
    sealed interface Placed extends Fact {
        Place place();
    }

    /** Where a value is: in a register, or in bytes of a frame. */
    sealed interface Place {
        /** What is there, or null for nothing that may be read. */
        @Nullable
        MachineValue value(MachineState machine);
    }

    /** A register. */
    record InRegister(int number) implements Place {
        @Override
        public @Nullable MachineValue value(MachineState machine) {
            return machine.register(number);
        }

        @Override
        public String toString() {
            return "r" + number;
        }
    }

    /** Bytes of a frame within one slot; a pointer there takes all of the slot. */
    record OnStack(int frame, int at, int width) implements Place {
        @Override
        public @Nullable MachineValue value(MachineState machine) {
            MachineMemory memory = machine.frame(frame);
            MachineValue pointer = memory.pointer(at & -StackSlot.BYTES);
            return pointer != null || !memory.readable(at, width) ? pointer : new Num(memory.load(at, width));
        }

        @Override
        public String toString() {
            return "slot " + at / StackSlot.BYTES + (frame == 0 ? "" : " of frame " + frame);
        }
    }

    /**
     * A number.
     *
     * @param symbol the number that {@link Relations} knows the symbol by, or -1 if nothing else has it
     */
    record NumberAt(Place place, FlatNumber number, int symbol, long delta, Value found) implements Placed {
        @Override
        public boolean holds(MachineState machine, Relations relations) {
            long value;
            switch (place) {
                case InRegister(int register) -> {
                    if (!(machine.register(register) instanceof Num n)) {
                        return false;
                    }
                    value = n.value();
                }
                case OnStack(int frame, int at, int width) -> {
                    MachineMemory memory = machine.frame(frame);
                    if (!memory.readable(at, width)) {
                        return false;
                    }
                    value = memory.load(at, width);
                }
            }
            return number.contains(value) && (symbol < 0 || relations.isSymbol(symbol, value - delta));
        }

        @Override
        public String actual(MachineState machine) {
            return place + ": " + place.value(machine) + " is not " + found + (symbol < 0 ? "" : ", or not as related");
        }
    }

    /**
     * A pointer.
     *
     * @param identity the number that {@link Relations} knows the identity by, or -1 if nothing else has it
     * @param symbol the same for the symbol
     */
    record PointerAt(Place place, Value.Pointer found, FlatNumber offset, int identity, int symbol) implements Placed {
        @Override
        public boolean holds(MachineState machine, Relations relations) {
            MachineValue value = place.value(machine);
            if (value == null) {
                return false;
            }
            boolean isFound = switch (value) {
                case Num n -> found.maybeNull() && n.value() == 0;
                case MapRef m -> false;
                case Ptr p ->
                    offset.contains(p.offset())
                            && isInto(found.region(), p.memory())
                            && (symbol < 0 || relations.isSymbol(symbol, p.offset() - found.delta()));
            };
            return isFound && (identity < 0 || relations.isIdentity(identity, value));
        }

        private static boolean isInto(Region region, MachineMemory memory) {
            return switch (region) {
                case Region.Context c -> memory.kind() == MachineMemory.Kind.CONTEXT;
                case Region.Stack s -> memory.kind() == MachineMemory.Kind.STACK && memory.number() == s.frame();
                case Region.MapValue v -> memory.kind() == MachineMemory.Kind.VALUE && memory.number() == v.map();
                case Region.ReservedRecord r ->
                    memory.kind() == MachineMemory.Kind.RECORD
                            && memory.number() == r.site()
                            && memory.size() == r.size();
                case Region.RawMemory m -> false;
            };
        }

        @Override
        public String actual(MachineState machine) {
            return place + ": " + place.value(machine) + " is not " + found
                    + (symbol < 0 && identity < 0 ? "" : ", or not as related");
        }
    }

    /** A map. */
    record MapAt(Place place, int map) implements Placed {
        @Override
        public boolean holds(MachineState machine, Relations relations) {
            return place.value(machine) instanceof MapRef m && m.map() == map;
        }

        @Override
        public String actual(MachineState machine) {
            return place + ": " + place.value(machine) + " is not map " + map;
        }
    }

    /** Anything, but written. */
    record WrittenAt(Place place) implements Placed {
        @Override
        public boolean holds(MachineState machine, Relations relations) {
            return place.value(machine) != null;
        }

        @Override
        public String actual(MachineState machine) {
            return place + ": is not written";
        }
    }

    /**
     * Bytes of a slot that are written and no pointer's.
     *
     * @param bytes one bit each
     */
    record WrittenBytes(int frame, int slot, int bytes) implements Fact {
        @Override
        public boolean holds(MachineState machine, Relations relations) {
            return (machine.frame(frame).written(slot) & bytes) == bytes;
        }

        @Override
        public String actual(MachineState machine) {
            return "slot " + slot + " of frame " + frame + ": bytes "
                    + Integer.toBinaryString(bytes & ~machine.frame(frame).written(slot)) + " are not written";
        }
    }
}
