package dev.gbpf.verifier.explain;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.explain.Place.InRegister;
import dev.gbpf.verifier.platform.ContextModel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names values by what they are on a path: {@code ctx.priority}, {@code used[]}, {@code dsq_len() + 1}. Objects carry no names of
 * variables; these say the same in any language. A register that has no short name is called by its own.
 */
final class ValueNames {
    /** How names of what a lookup gives begin. */
    static final String ENTRY = "the entry of ";

    private static final int MAX_DEPTH = 3;

    private final ProgramText text;
    private final AbstractPath path;

    ValueNames(ProgramText text, AbstractPath path) {
        this.text = text;
        this.path = path;
    }

    /** What an operand of the instruction at a position is. */
    String operand(Operand operand, int position) {
        return switch (operand) {
            case Immediate i -> Integer.toString(i.value());
            case Register r -> register(r, position);
        };
    }

    private String register(Register register, int position) {
        Place place = new InRegister(register, path.step(position).frame());
        String name = name(place, position, MAX_DEPTH);
        return name == null ? register.toString() : name;
    }

    /** The name of a place's value before the instruction at a position; null when it has no short one. */
    @Nullable
    String name(Place place, int before, int depth) {
        if (depth == 0) {
            return null;
        }
        Definition definition = Definition.of(path, place, before);
        if (definition.kind() != Definition.Kind.WRITE) {
            return null;
        }
        int at = definition.position();
        AbstractPath.Step step = path.step(at);
        return switch (path.instruction(at)) {
            case Instruction.Mov(var _, int signBits, var _, Register source)
            when signBits == 0 -> name(new InRegister(source, step.frame()), at, depth);
            case Instruction.Mov(var _, var _, var _, Immediate i) -> Integer.toString(i.value());
            case Instruction.LoadImm64 i -> Long.toString(i.value());
            case Instruction.Store(var _, var _, var _, Register source) ->
                name(new InRegister(source, step.frame()), at, depth);
            case Instruction.Store(var _, var _, var _, Immediate i) -> Integer.toString(i.value());
            case Instruction.Load i -> loaded(i, step.before(), at, depth);
            case Instruction.Alu(AluOp op, var _, Register dst, Operand src)
            when symbol(op) != null -> {
                String left = name(new InRegister(dst, step.frame()), at, depth - 1);
                String right = src instanceof Immediate i
                        ? Integer.toString(i.value())
                        : name(new InRegister((Register) src, step.frame()), at, depth - 1);
                yield left == null || right == null ? null : joined(left, op, right);
            }
            case Instruction.CallHelper(int id) -> result(id, step.before());
            default -> null;
        };
    }

    private @Nullable String loaded(Instruction.Load load, EbpfState state, int at, int depth) {
        Place stack =
                Place.reached(state, load.base(), load.offset(), load.width().bytes());
        return stack != null ? name(stack, at, depth) : memory(state, load.base(), load.offset(), load.width());
    }

    /** A sum, product and so on of two named values. */
    static String joined(String left, AluOp op, String right) {
        String first = left.indexOf(' ') < 0 || left.startsWith(ENTRY) ? left : "(" + left + ")";
        String second = right.indexOf(' ') < 0 ? right : "(" + right + ")";
        boolean negative = right.startsWith("-") && op == AluOp.ADD;
        return negative ? first + " - " + right.substring(1) : first + " " + symbol(op) + " " + second;
    }

    /** The operator of policies and C, or null for those that need brackets or have none. */
    static @Nullable String symbol(AluOp op) {
        return switch (op) {
            case ADD -> "+";
            case SUB -> "-";
            case MUL -> "*";
            case DIV, SDIV -> "/";
            case MOD, SMOD -> "%";
            case AND -> "&";
            case OR -> "|";
            case XOR -> "^";
            case LSH -> "<<";
            case RSH, ARSH -> ">>";
        };
    }

    /** A field of the context or of a map value; null when it is none. */
    @Nullable
    String memory(EbpfState state, Register base, int offset, Width width) {
        if (!(state.get(base) instanceof Pointer pointer) || !pointer.offset().isConstant()) {
            return state.get(base) instanceof Pointer p && p.region() instanceof Region.MapValue v
                    ? v.name() + "[]"
                    : null;
        }
        long at = pointer.offset().wide().smin() + offset;
        return switch (pointer.region()) {
            case Region.Context _ ->
                field(at, width)
                        .map(f -> (text.language() == ProgramText.Language.C ? "ctx->" : "ctx.") + f.name())
                        .orElse(null);
            case Region.MapValue v -> v.name() + "[]" + field(v, at);
            case Region.Stack _, Region.RawMemory _, Region.ReservedRecord _ -> null;
        };
    }

    private Optional<ContextField> field(long at, Width width) {
        return text.type().context() instanceof ContextModel.Fields fields
                ? fields.layout().fields().stream()
                        .filter(f -> f.offset() == at && f.width() == width)
                        .findFirst()
                : Optional.empty();
    }

    private String field(Region.MapValue region, long at) {
        MapDefinition map = text.maps().get(region.map());
        if (map.types() == null || !(map.types().value() instanceof DataLayout.Struct struct)) {
            return "";
        }
        return struct.fields().stream()
                .filter(f -> f.offset() <= at && at < f.offset() + f.layout().size())
                .findFirst()
                .map(f -> "." + f.name())
                .orElse("");
    }

    /** What a helper gives. */
    String result(int id, EbpfState state) {
        Optional<Helper> helper = Helper.byId(id);
        if (helper.isEmpty()) {
            return "helper " + id;
        }
        if (helper.get().returnKind() != ReturnKind.SCALAR) {
            for (int k = 1; k <= 5; k++) {
                if (state.get(Register.of(k)) instanceof Value.MapReference map) {
                    return ENTRY + text.mapName(map.map());
                }
            }
        }
        return helper.get().symbol() + "()";
    }
}
