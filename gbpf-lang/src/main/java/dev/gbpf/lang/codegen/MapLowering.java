package dev.gbpf.lang.codegen;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.MapSchema;
import dev.gbpf.lang.sema.Place;

/**
 * Map accesses. Elements of arrays are addressed directly. Entries of hashes are found by helpers: keys and values reach them
 * through two fixed stack slots, written right before the call; only bytes of the key's and the value's own size are written
 * and read.
 */
final class MapLowering {
    private static final int KEY = -8;
    private static final int VALUE = -16;

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

    /** The address of an element of an array; no call, no check. */
    int element(MapSchema map, int index) {
        int address = code.newRegister();
        int offset = index * map.definition().stride();
        code.emit(new LowInstruction.LoadMapValue(address, map.index(), offset));
        return address;
    }

    int element(Place.Element element) {
        return element(element.map(), element.index());
    }

    /**
     * The address of an element of an array, without a call: elements lie one after the other. Jumps to {@code absent} for an
     * index that is not sure to be in range and is not.
     */
    private int element(MapSchema map, BoundExpression index, Source value, int absent) {
        int entries = map.definition().maxEntries();
        if (value instanceof Source.Imm(long constant) && Long.compareUnsigned(constant, entries) < 0) {
            return element(map, (int) constant);
        }
        int register = code.register(value);
        if (!hook.bounds().isBelow(index, entries)) {
            code.branch(JumpOp.GE, register, new Source.Imm(entries), absent);
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

    /** Loads the value of an entry. */
    Source load(MapSchema map, int address) {
        int value = code.newRegister();
        loadInto(value, map, address);
        return new Source.Reg(value);
    }

    void loadInto(int dst, MapSchema map, int address) {
        // A sign-extending load of all 64 bits has no encoding and needs none.
        boolean extend = map.value().signed() && map.value().width().bytes() < Long.BYTES;
        code.emit(new LowInstruction.Load(map.value().width(), extend, dst, address, 0));
    }

    /** Stores the value of an entry. */
    void store(MapSchema map, int address, Source value) {
        code.emit(new LowInstruction.Store(map.value().width(), address, 0, code.encodable(value)));
    }

    /** Sets an element of an array; jumps to {@code refused} for an index out of range. */
    void setElement(MapSchema map, BoundExpression key, BoundExpression value, int refused) {
        Source keySource = code.encodable(hook.expressions().evaluate(key));
        Source valueSource = code.encodable(hook.expressions().evaluate(value));
        store(map, element(map, key, keySource, refused), valueSource);
    }

    /** Sets an entry of a hash; gives the register with the helper's result. */
    int update(MapSchema map, BoundExpression key, BoundExpression value) {
        Source keySource = code.encodable(hook.expressions().evaluate(key));
        Source valueSource = code.encodable(hook.expressions().evaluate(value));
        pass(map, keySource);
        code.reserve(-VALUE);
        code.emit(new LowInstruction.Store(map.value().width(), LowInstruction.FRAME, VALUE, valueSource));
        frameAddress(3, VALUE);
        code.move(4, new Source.Imm(0));
        return call(Helper.MAP_UPDATE_ELEM);
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

    private void frameAddress(int dst, int offset) {
        code.move(dst, new Source.Reg(LowInstruction.FRAME));
        code.alu(AluOp.ADD, dst, new Source.Imm(offset));
    }

    private int call(Helper helper) {
        code.emit(new LowInstruction.Call(helper));
        return code.copy(new Source.Reg(0));
    }
}
