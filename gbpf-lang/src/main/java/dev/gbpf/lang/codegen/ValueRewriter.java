package dev.gbpf.lang.codegen;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowInstruction.Alu;
import dev.gbpf.lang.codegen.LowInstruction.AtomicAdd;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.LoadMap;
import dev.gbpf.lang.codegen.LowInstruction.LoadMapValue;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import dev.gbpf.lang.codegen.LowInstruction.Negate;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import dev.gbpf.lang.codegen.ValueTable.Address;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rewrites one instruction after the other by what is known before it, and notes what is known after it. */
final class ValueRewriter {
    /** Addresses in one array that are tried as a base for another. */
    private static final int MOST_BASES = 16;

    private final ValueTable table;
    private final Map<Integer, ContextField> fields = new HashMap<>();
    private final Holders holders;
    /** Numbers of the addresses of an array's bytes that occurred, by map. */
    private final Map<Integer, IntList> mapValues = new HashMap<>();

    ValueRewriter(ValueTable table, List<ContextField> context, Holders holders) {
        this.table = table;
        this.holders = holders;
        context.forEach(field -> fields.put(field.offset(), field));
    }

    /** Whether a field of the context that programs cannot store to begins at an offset. */
    boolean isReadOnlyField(long offset) {
        ContextField field = fields.get((int) offset);
        return field != null && !field.writable();
    }

    /** What to do instead; null for nothing. */
    @Nullable
    LowInstruction rewrite(LowInstruction instruction, ValueState state) {
        return switch (instruction) {
            case Move(int dst, Source src) -> move(state, dst, src);
            case Alu(AluOp op, int dst, Source src) -> alu(state, op, dst, src);
            case Negate(int dst) -> {
                int value = table.negation(state.value(dst));
                yield define(state, dst, value, instruction);
            }
            case LoadMap(int dst, int map) -> define(state, dst, table.map(map), instruction);
            case LoadMapValue(int dst, int map, int offset) -> {
                int value = table.mapValue(map, offset);
                IntList known = mapValues.computeIfAbsent(map, _ -> new IntList());
                if (known.size() < MOST_BASES) {
                    known.add(value);
                }
                yield define(state, dst, value, instruction);
            }
            case Load load -> load(state, load);
            case Store store -> store(state, store);
            case AtomicAdd add -> add(state, add);
            case LowInstruction.Call call -> call(state, call);
            case LowInstruction.Invoke invoke -> {
                // It has no pointers, but maps are as open to it as to its caller.
                state.changeMaps();
                clobber(state, 0);
                yield invoke;
            }
            case Branch(JumpOp op, int left, Source right, int label) -> branch(state, op, left, right, label);
            case LowInstruction.Label _, Jump _, LowInstruction.Exit _ -> instruction;
        };
    }

    private @Nullable LowInstruction move(ValueState state, int dst, Source src) {
        return switch (src) {
            case Source.Imm(long number) -> define(state, dst, table.constant(number), new Move(dst, src));
            case Source.Reg(int register) -> {
                int value = state.value(register);
                if (state.holds(dst, value)) {
                    yield null;
                }
                Source operand = operand(state, src);
                note(state, dst, value, state.shown(register));
                yield new Move(dst, operand);
            }
        };
    }

    private @Nullable LowInstruction alu(ValueState state, AluOp op, int dst, Source src) {
        int left = state.value(dst);
        int value = table.binary(op, left, value(state, src));
        Source operand = operand(state, src);
        return define(
                state,
                dst,
                value,
                operand instanceof Source.Imm(long number) ? cheaper(op, dst, number) : new Alu(op, dst, operand));
    }

    /** An operation with a constant; a shift or a mask where that does the same. */
    private static Alu cheaper(AluOp op, int dst, long number) {
        boolean powerOfTwo = Long.bitCount(number) == 1;
        Source log = new Source.Imm(Long.numberOfTrailingZeros(number));
        if (powerOfTwo && op == AluOp.MUL) {
            return new Alu(AluOp.LSH, dst, log);
        }
        if (powerOfTwo && op == AluOp.DIV) {
            return new Alu(AluOp.RSH, dst, log);
        }
        if (powerOfTwo && op == AluOp.MOD && new Source.Imm(number - 1).fits()) {
            return new Alu(AluOp.AND, dst, new Source.Imm(number - 1));
        }
        return new Alu(op, dst, new Source.Imm(number));
    }

    /** Gives a register a value: from another that holds it, as a constant, or by the instruction. */
    private @Nullable LowInstruction define(ValueState state, int dst, int value, LowInstruction instruction) {
        if (state.holds(dst, value)) {
            return null;
        }
        boolean constant =
                table.value(value) instanceof ValueTable.Value.Constant(long number) && new Source.Imm(number).fits();
        if (constant) {
            note(state, dst, value, null);
            return new Move(dst, new Source.Imm(table.range(value).min()));
        }
        int holder = holders.holder(state, value);
        if (holder != LowInstruction.NONE) {
            note(state, dst, value, state.shown(holder));
            return new Move(dst, new Source.Reg(holder));
        }
        note(state, dst, value, null);
        return instruction;
    }

    /** Notes that a register holds a value from now on. */
    void note(ValueState state, int dst, int value, @Nullable UnsignedRange shown) {
        state.set(dst, value, shown);
        holders.note(dst, value);
    }

    private int value(ValueState state, Source source) {
        return switch (source) {
            case Source.Imm(long number) -> table.constant(number);
            case Source.Reg(int register) -> state.value(register);
        };
    }

    /** The operand as a number where it is one that an instruction can hold. */
    private Source operand(ValueState state, Source source) {
        if (source instanceof Source.Reg(int register)
                && table.value(state.value(register)) instanceof ValueTable.Value.Constant(long number)) {
            Source.Imm constant = new Source.Imm(number);
            return constant.fits() ? constant : source;
        }
        return source instanceof Source.Reg(int register) ? new Source.Reg(holders.oldest(state, register)) : source;
    }

    private @Nullable LowInstruction load(ValueState state, Load load) {
        int base = state.value(load.base());
        Address address = moved(table.address(base), load.offset());
        int known = state.loaded(address, load.width(), load.signed());
        int value = known != ValueTable.NONE ? known : table.opaque(range(address, load));
        @Nullable LowInstruction result = define(state, load.dst(), value, based(state, load));
        if (known == ValueTable.NONE) {
            state.noteLoaded(address, load.width(), load.signed(), value);
        }
        return result;
    }

    private UnsignedRange range(Address address, Load load) {
        if (load.signed()) {
            return UnsignedRange.ALL;
        }
        ContextField field = address.root() == table.context() ? fields.get((int) address.offset()) : null;
        return field != null && field.width() == load.width()
                ? new UnsignedRange(field.min(), field.max())
                : UnsignedRange.ofBits(load.width().bits());
    }

    private @Nullable LowInstruction store(ValueState state, Store store) {
        Address address = moved(table.address(state.value(store.base())), store.offset());
        int value = value(state, store.src());
        boolean whole = table.range(value).max() >>> 1 >>> (store.width().bits() - 1) == 0;
        if (whole && state.loaded(address, store.width(), false) == value) {
            return null;
        }
        state.overwrite(address, store.width());
        if (whole) {
            state.noteLoaded(address, store.width(), false, value);
        }
        Base base = base(state, store.base(), store.offset());
        return new Store(store.width(), base.register(), base.offset(), operand(state, store.src()));
    }

    private LowInstruction add(ValueState state, AtomicAdd add) {
        state.overwrite(moved(table.address(state.value(add.base())), add.offset()), Width.DW);
        Base base = base(state, add.base(), add.offset());
        return new AtomicAdd(base.register(), base.offset(), holders.oldest(state, add.src()));
    }

    private LowInstruction based(ValueState state, Load load) {
        Base base = base(state, load.base(), load.offset());
        return new Load(load.width(), load.signed(), load.dst(), base.register(), base.offset());
    }

    private static Address moved(Address address, int offset) {
        return new Address(address.root(), address.offset() + offset);
    }

    /** A register and how far from the address in it an access is. */
    private record Base(int register, int offset) {}

    /** The base of an access; another register that holds an address nearby, so that the base need not be computed. */
    private Base base(ValueState state, int register, int offset) {
        if (table.value(state.value(register)) instanceof ValueTable.Value.MapValue(int map, int place)) {
            IntList known = mapValues.getOrDefault(map, new IntList());
            for (int i = 0; i < known.size(); i++) {
                int holder = holders.holder(state, known.get(i));
                long distance = place - table.address(known.get(i)).offset() + offset;
                if (holder != LowInstruction.NONE && distance == (short) distance) {
                    return new Base(holder, (int) distance);
                }
            }
        }
        return new Base(holders.oldest(state, register), offset);
    }

    private LowInstruction call(ValueState state, LowInstruction.Call call) {
        Helper helper = call.helper();
        @Nullable LowInstruction instead = null;
        int result = table.opaque(
                helper.returnMin() >= 0 && helper.returnKind() == ReturnKind.SCALAR
                        ? new UnsignedRange(helper.returnMin(), helper.returnMax())
                        : UnsignedRange.ALL);
        if (helper == Helper.MAP_LOOKUP_ELEM) {
            int key = key(state);
            if (table.value(state.value(1)) instanceof ValueTable.Value.Map(int map) && key != ValueTable.NONE) {
                int found = state.found(map, key);
                int holder = found == ValueTable.NONE ? LowInstruction.NONE : holders.holder(state, found);
                if (holder != LowInstruction.NONE) {
                    instead = new Move(0, new Source.Reg(holder));
                    result = found;
                    state.set(0, found, state.shown(holder));
                } else {
                    result = table.entry(map);
                    state.noteFound(map, key, result);
                }
            }
        } else if (call.takesPointers()) {
            state.changeMaps();
            if (call.writesFrame()) {
                state.changeFrame();
            }
        }
        clobber(state, instead == null ? 0 : 1);
        if (instead == null) {
            note(state, 0, result, null);
            return call;
        }
        return instead;
    }

    private static void clobber(ValueState state, int first) {
        for (int r = first; r <= LowInstruction.LAST_CLOBBERED; r++) {
            state.forget(r);
        }
    }

    /** The value of the key that r2 points to, or {@link ValueTable#NONE}. */
    private int key(ValueState state) {
        Address address = table.address(state.value(2));
        for (Width width : Width.values()) {
            int key = state.loaded(address, width, false);
            if (key != ValueTable.NONE) {
                return key;
            }
        }
        return ValueTable.NONE;
    }

    private @Nullable LowInstruction branch(ValueState state, JumpOp op, int left, Source right, int label) {
        Boolean outcome = outcome(state, op, left, right);
        if (outcome != null) {
            return outcome ? new Jump(label) : null;
        }
        Source operand = operand(state, right);
        if (operand instanceof Source.Reg(int register)
                && operand(state, new Source.Reg(left)) instanceof Source.Imm constant) {
            return new Branch(Conditions.mirror(op), register, constant, label);
        }
        return new Branch(op, holders.oldest(state, left), operand, label);
    }

    /** Whether a condition is sure to hold or sure not to; null when it is neither. */
    @Nullable
    Boolean outcome(ValueState state, JumpOp op, int left, Source right) {
        UnsignedRange a = state.range(left);
        return switch (right) {
            case Source.Imm(long number) -> UnsignedRange.holds(op, a, UnsignedRange.of(number));
            case Source.Reg(int register) ->
                state.value(register) == state.value(left)
                        ? UnsignedRange.holdsForEqual(op)
                        : UnsignedRange.holds(op, a, state.range(register));
        };
    }

    /** Notes that a condition holds. */
    void refine(ValueState state, JumpOp op, int left, Source right) {
        UnsignedRange a = state.range(left);
        UnsignedRange b = right instanceof Source.Reg(int register)
                ? state.range(register)
                : UnsignedRange.of(((Source.Imm) right).value());
        // That an entry is absent does not make it another value: where both ways meet it is still what the lookup
        // gave.
        boolean isEntry = table.value(state.value(left)) instanceof ValueTable.Value.Entry;
        if (op == JumpOp.EQ && b.isSingle() && !isEntry) {
            note(state, left, table.constant(b.min()), null);
            return;
        }
        state.refine(left, UnsignedRange.refine(op, a, b));
        if (right instanceof Source.Reg(int register)) {
            state.refine(register, UnsignedRange.refine(Conditions.mirror(op), b, a));
        }
    }
}
