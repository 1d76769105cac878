package dev.gbpf.lang.codegen;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.DataType;
import dev.gbpf.lang.sema.Entry;
import dev.gbpf.lang.sema.Location;
import dev.gbpf.lang.sema.MapSchema;
import dev.gbpf.lang.sema.Slot;
import dev.gbpf.lang.sema.StorageType;
import dev.gbpf.lang.sema.StoredValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Map accesses. Elements of plain arrays are addressed directly. Those of other arrays and entries of hashes are found by
 * helpers: keys and values reach them through the top of the stack frame, written right before the call; only bytes of the
 * key's and the value's own size are written and read.
 */
final class MapLowering {
    private static final int KEY = -8;

    private final HookLowering hook;
    private final CodeBuilder code;

    MapLowering(HookLowering hook) {
        this.hook = hook;
        this.code = hook.code();
    }

    /** The address of the entry of a key; jumps to {@code absent} when there is none. */
    int find(MapSchema map, BoundExpression key, int absent) {
        Source value = code.encodable(hook.expressions().evaluate(key));
        if (map.isArray()) {
            return element(map, key, value, absent);
        }
        pass(map, value);
        int found = call(Helper.MAP_LOOKUP_ELEM);
        code.branch(JumpOp.EQ, found, new Source.Imm(0), absent);
        return found;
    }

    /** The address of an element of an array, which is sure to be there; a call only where it has no fixed place. */
    int element(MapSchema map, int index) {
        if (!map.definition().kind().isDirect()) {
            pass(map, new Source.Imm(index));
            return call(Helper.MAP_LOOKUP_ELEM);
        }
        int address = code.newRegister();
        int offset = index * map.definition().stride();
        code.emit(new LowInstruction.LoadMapValue(address, map.index(), offset));
        return address;
    }

    /** The address of a value that is sure to be there. */
    int address(Location location) {
        return switch (location) {
            case Location.Found(Entry entry) -> hook.register(entry);
            case Location.Element(MapSchema map, int index) -> element(map, index);
        };
    }

    /**
     * The address of an element of an array: elements lie one after the other, and where they have no fixed place a helper
     * knows it. Jumps to {@code absent} for an index that is not sure to be in range and is not.
     */
    private int element(MapSchema map, BoundExpression index, Source value, int absent) {
        int entries = map.definition().maxEntries();
        if (value instanceof Source.Imm(long constant) && Long.compareUnsigned(constant, entries) < 0) {
            return element(map, (int) constant);
        }
        int register = code.register(value);
        if (!hook.ranges().isBelow(index, entries)) {
            code.branch(JumpOp.GE, register, new Source.Imm(entries), absent);
        }
        if (!map.definition().kind().isDirect()) {
            pass(map, new Source.Reg(register));
            int found = call(Helper.MAP_LOOKUP_ELEM);
            code.branch(JumpOp.EQ, found, new Source.Imm(0), absent);
            return found;
        }
        int address = element(map, 0);
        int offset = code.copy(new Source.Reg(register));
        int stride = map.definition().stride();
        if (Integer.bitCount(stride) == 1) {
            code.alu(AluOp.LSH, offset, new Source.Imm(Integer.numberOfTrailingZeros(stride)));
        } else {
            code.alu(AluOp.MUL, offset, new Source.Imm(stride));
        }
        code.alu(AluOp.ADD, address, new Source.Reg(offset));
        return address;
    }

    /** Loads a number of the value at an address. */
    Source load(Slot slot, int address) {
        int value = code.newRegister();
        loadInto(value, slot, address);
        return new Source.Reg(value);
    }

    void loadInto(int dst, Slot slot, int address) {
        loadInto(dst, slot, address, 0);
    }

    /** Loads a number of the value at an address and an offset from it. */
    void loadInto(int dst, Slot slot, int address, int base) {
        StorageType type = slot.type();
        // A sign-extending load of all 64 bits has no encoding and needs none.
        boolean extend = type.signed() && type.size() < Long.BYTES;
        code.emit(new LowInstruction.Load(type.width(), extend, dst, address, base + slot.offset()));
    }

    /** Stores a number of the value at an address. */
    void store(Slot slot, int address, Source value) {
        code.emit(new LowInstruction.Store(slot.type().width(), address, slot.offset(), code.encodable(value)));
    }

    /** Adds to a number of the value at an address, which others add to at the same time. */
    void add(Slot slot, int address, Source value) {
        code.emit(new LowInstruction.AtomicAdd(address, slot.offset(), code.register(value)));
    }

    /** Gives all numbers of a struct new values. Its padding is zero already and stays so. */
    void replace(Location location, StoredValue value) {
        List<Source> numbers = evaluate(value);
        store(value, numbers, address(location));
    }

    /** Stores the numbers of a value at an address. */
    void store(StoredValue value, List<Source> numbers, int address) {
        for (int i = 0; i < numbers.size(); i++) {
            store(value.numbers().get(i).slot(), address, numbers.get(i));
        }
    }

    List<Source> evaluate(StoredValue value) {
        List<Source> numbers = new ArrayList<>();
        value.numbers()
                .forEach(n -> numbers.add(code.encodable(hook.expressions().evaluate(n.value()))));
        return numbers;
    }

    /** Sets an element of an array; jumps to {@code refused} for an index out of range. Padding is zero and stays so. */
    void setElement(MapSchema map, BoundExpression key, StoredValue value, int refused) {
        Source keySource = code.encodable(hook.expressions().evaluate(key));
        List<Source> numbers = evaluate(value);
        store(value, numbers, element(map, key, keySource, refused));
    }

    /** Sets an entry of a hash; gives the register with the helper's result. */
    int update(MapSchema map, BoundExpression key, StoredValue value) {
        Source keySource = code.encodable(hook.expressions().evaluate(key));
        List<Source> numbers = evaluate(value);
        pass(map, keySource);
        int offset = KEY - (value.type().size() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        storeInFrame(value, numbers, offset);
        frameAddress(3, offset);
        code.move(4, new Source.Imm(0));
        return call(Helper.MAP_UPDATE_ELEM);
    }

    /** Stores a value at an offset in the frame, zeros where it has no numbers. */
    void storeInFrame(StoredValue value, List<Source> numbers, int offset) {
        code.reserve(-offset);
        for (int i = 0; i < numbers.size(); i++) {
            Slot slot = value.numbers().get(i).slot();
            code.emit(new LowInstruction.Store(
                    slot.type().width(), LowInstruction.FRAME, offset + slot.offset(), numbers.get(i)));
        }
        clearPadding(value.type(), offset);
    }

    /** Stores zeros between the numbers of a value in the frame, each as wide as its alignment and the gap allow. */
    private void clearPadding(DataType type, int offset) {
        int end = 0;
        for (Slot slot : type.slots()) {
            clear(offset, end, slot.offset());
            end = slot.offset() + slot.type().size();
        }
        clear(offset, end, type.size());
    }

    private void clear(int offset, int from, int to) {
        for (int at = from; at < to; ) {
            int aligned = at == 0 ? Long.BYTES : Integer.lowestOneBit(at);
            Width width = widest(Math.min(aligned, to - at));
            code.emit(new LowInstruction.Store(width, LowInstruction.FRAME, offset + at, new Source.Imm(0)));
            at += width.bytes();
        }
    }

    private static Width widest(int bytes) {
        return bytes >= 8 ? Width.DW : bytes >= 4 ? Width.W : bytes >= 2 ? Width.H : Width.B;
    }

    /** Calls a helper with a map and a slot of it; gives the register with its result. */
    int slot(Helper helper, MapSchema map, int slot) {
        code.emit(new LowInstruction.LoadMap(1, map.index()));
        code.move(2, new Source.Reg(slot));
        return call(helper);
    }

    /** The key of the entry in a slot, extended like every number that was stored. */
    Source slotKey(MapSchema map, int slot) {
        int key = slot(Helper.MAP_SLOT_KEY, map, slot);
        int unused = Long.SIZE - map.key().width().bits();
        if (map.key().signed() && unused > 0) {
            code.alu(AluOp.LSH, key, new Source.Imm(unused));
            code.alu(AluOp.ARSH, key, new Source.Imm(unused));
        }
        return new Source.Reg(key);
    }

    void delete(MapSchema map, BoundExpression key) {
        pass(map, code.encodable(hook.expressions().evaluate(key)));
        call(Helper.MAP_DELETE_ELEM);
    }

    /** Puts the map in r1 and the address of the key in r2. */
    private void pass(MapSchema map, Source key) {
        code.reserve(-KEY);
        code.emit(new LowInstruction.Store(map.key().width(), LowInstruction.FRAME, KEY, key));
        code.emit(new LowInstruction.LoadMap(1, map.index()));
        frameAddress(2, KEY);
    }

    void frameAddress(int dst, int offset) {
        code.move(dst, new Source.Reg(LowInstruction.FRAME));
        code.alu(AluOp.ADD, dst, new Source.Imm(offset));
    }

    /** Calls a helper; gives the register with its result. */
    int call(Helper helper) {
        code.emit(new LowInstruction.Call(helper));
        return code.copy(new Source.Reg(0));
    }
}
