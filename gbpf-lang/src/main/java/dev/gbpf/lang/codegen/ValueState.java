package dev.gbpf.lang.codegen;

import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.ValueTable.Address;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What is known at one point of the code: which values registers and memory hold, by their numbers. */
final class ValueState {
    /** Facts about memory that are kept; a program that has more of them at one point starts anew. */
    private static final int MOST_FACTS = 256;

    private static final int NO_STRETCH = -1;

    /** A number in memory, as a load gives it. */
    private record Place(Address address, Width width, boolean signed) {
        boolean overlaps(Address other, Width otherWidth) {
            return address.offset() < other.offset() + otherWidth.bytes()
                    && other.offset() < address.offset() + width.bytes();
        }
    }

    private record Key(int map, int value) {}

    private final ValueTable table;
    private final int[] registers;
    /** When each register was set, in stretches between calls. */
    private final int[] stretches;
    /** Ranges of registers that tests have shown, where they say more than the value's own. */
    private final Map<Integer, UnsignedRange> ranges;

    private final Map<Place, Integer> memory;
    private final Map<Key, Integer> entries;
    private int stretch;

    ValueState(ValueTable table, int registers) {
        this.table = table;
        this.registers = new int[registers];
        this.stretches = new int[registers];
        this.ranges = new HashMap<>();
        this.memory = new HashMap<>();
        this.entries = new HashMap<>();
        Arrays.fill(this.registers, ValueTable.NONE);
    }

    private ValueState(ValueState other) {
        this.table = other.table;
        this.registers = other.registers.clone();
        this.stretches = other.stretches.clone();
        this.ranges = new HashMap<>(other.ranges);
        this.memory = new HashMap<>(other.memory);
        this.entries = new HashMap<>(other.entries);
        this.stretch = other.stretch;
    }

    ValueState copy() {
        return new ValueState(this);
    }

    /** Keeps what is known in the other state as well; {@code freshStretch} begins when they disagree. */
    void meet(ValueState other, int freshStretch) {
        for (int r = 0; r < registers.length; r++) {
            if (registers[r] != other.registers[r]) {
                registers[r] = ValueTable.NONE;
                ranges.remove(r);
            }
            if (stretches[r] != other.stretches[r]) {
                stretches[r] = NO_STRETCH;
            }
        }
        ranges.replaceAll((r, range) -> range.join(other.range(r)));
        memory.entrySet().removeIf(fact -> !Objects.equals(other.memory.get(fact.getKey()), fact.getValue()));
        entries.entrySet().removeIf(fact -> !Objects.equals(other.entries.get(fact.getKey()), fact.getValue()));
        if (stretch != other.stretch) {
            stretch = freshStretch;
        }
    }

    /** The value in a register. */
    int value(int register) {
        if (registers[register] == ValueTable.NONE) {
            registers[register] = table.opaque(UnsignedRange.ALL);
        }
        return registers[register];
    }

    /** Whether a register is known to hold a value. */
    boolean holds(int register, int value) {
        return registers[register] == value;
    }

    UnsignedRange range(int register) {
        UnsignedRange own = table.range(value(register));
        UnsignedRange shown = ranges.get(register);
        return shown == null ? own : own.meet(shown);
    }

    /** The range of a register that a test has shown; null when none has. */
    @Nullable
    UnsignedRange shown(int register) {
        return ranges.get(register);
    }

    void set(int register, int value, @Nullable UnsignedRange shown) {
        registers[register] = value;
        stretches[register] = stretch;
        if (shown == null) {
            ranges.remove(register);
        } else {
            ranges.put(register, shown);
        }
    }

    void forget(int register) {
        registers[register] = ValueTable.NONE;
        ranges.remove(register);
    }

    void refine(int register, UnsignedRange range) {
        ranges.put(register, range);
    }

    /** Whether no call has come since the register was set. */
    boolean isRecent(int register) {
        return stretches[register] == stretch;
    }

    void enterStretch(int number) {
        stretch = number;
    }

    /** The value that a load gives, or {@link ValueTable#NONE}. */
    int loaded(Address address, Width width, boolean signed) {
        return memory.getOrDefault(new Place(address, width, signed), ValueTable.NONE);
    }

    /** Notes what a load from an address gives. */
    void noteLoaded(Address address, Width width, boolean signed, int value) {
        if (memory.size() >= MOST_FACTS) {
            memory.clear();
        }
        memory.put(new Place(address, width, signed), value);
    }

    /** Forgets what a store to an address may change. */
    void overwrite(Address address, Width width) {
        int region = table.region(address.root());
        memory.keySet()
                .removeIf(place -> place.address().root() == address.root()
                        ? place.overlaps(address, width)
                        : mayAlias(region, table.region(place.address().root())));
    }

    private static boolean mayAlias(int a, int b) {
        return a == b || (a == ValueTable.ANYWHERE && b >= 0) || (b == ValueTable.ANYWHERE && a >= 0);
    }

    /** Forgets what maps hold. */
    void changeMaps() {
        memory.keySet().removeIf(place -> {
            int region = table.region(place.address().root());
            return region != ValueTable.FRAME && region != ValueTable.CONTEXT;
        });
        entries.clear();
    }

    /** Forgets what the frame holds. */
    void changeFrame() {
        memory.keySet().removeIf(place -> table.region(place.address().root()) == ValueTable.FRAME);
    }

    /** Forgets what memory holds, but for the fields of the context at offsets that programs cannot store to. */
    void enterLoop(LongPredicate isReadOnlyField) {
        memory.keySet()
                .removeIf(place -> place.address().root() != table.context()
                        || !isReadOnlyField.test(place.address().offset()));
        entries.clear();
    }

    /** The entry that a lookup of a key found, or {@link ValueTable#NONE} when there was none since maps changed. */
    int found(int map, int key) {
        return entries.getOrDefault(new Key(map, key), ValueTable.NONE);
    }

    void noteFound(int map, int key, int entry) {
        if (entries.size() >= MOST_FACTS) {
            entries.clear();
        }
        entries.put(new Key(map, key), entry);
    }
}
