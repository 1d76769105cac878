package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the analysis found out about the names that a policy declares, for those who show it. They are not in the result,
 * because there are names with types also where there is no result; who wants them runs the analysis within
 * {@link #observe}.
 */
public final class NameTypes {
    private static final ScopedValue<NameTypes> OBSERVER = ScopedValue.newInstance();

    private final Map<Place, String> types = new HashMap<>();

    private NameTypes() {}

    private record Place(SourceFile file, int line, int column) {}

    /** What an analysis of one policy, which {@code analysis} is to run in this thread, finds out about names. */
    public static NameTypes observe(Runnable analysis) {
        NameTypes names = new NameTypes();
        ScopedValue.where(OBSERVER, names).run(analysis);
        return names;
    }

    /** Tells who wants to know what a name means that a file declares. */
    static void declared(SourceFile file, Symbol symbol) {
        if (OBSERVER.isBound()) {
            OBSERVER.get().add(file, symbol);
        }
    }

    private void add(SourceFile file, Symbol symbol) {
        String type = describe(symbol);
        if (type != null) {
            types.put(new Place(file, symbol.span().line(), symbol.span().column()), type);
        }
    }

    /** The type of the name that is declared at a place of a file, with its value when that is known: "u64 = 5"; or null. */
    public @Nullable String of(SourceFile file, int line, int column) {
        return types.get(new Place(file, line, column));
    }

    private static @Nullable String describe(Symbol symbol) {
        return switch (symbol) {
            case Symbol.Constant constant ->
                switch (constant.value()) {
                    case Operand.Literal(LiteralValue value, SourceSpan _) -> "number = " + value.exact();
                    case Operand.Typed(BoundExpression.Constant value) -> value(value);
                    case Operand.Typed typed -> keyword(typed.type());
                };
            case Symbol.Local(Variable variable, BoundExpression.Constant value) ->
                value == null ? keyword(variable.type()) : value(value);
            case Symbol.Found(Entry entry) -> entry.map().value().keyword();
            case Symbol.Map map -> {
                MapSchema schema = map.schema();
                yield schema == null
                        ? null
                        : schema.definition().maxEntries() + " entries of "
                                + schema.definition().valueSize() + " bytes";
            }
            // Nothing else has a type that its declaration does not show.
            default -> null;
        };
    }

    private static @Nullable String keyword(Type type) {
        return type == Type.ERROR ? null : type.keyword();
    }

    private static @Nullable String value(BoundExpression.Constant constant) {
        String number = switch (constant.type()) {
            case U64 -> Long.toUnsignedString(constant.value());
            case I64 -> Long.toString(constant.value());
            case BOOL -> Boolean.toString(constant.value() != 0);
            case ERROR -> "";
        };
        return number.isEmpty() ? null : constant.type().keyword() + " = " + number;
    }
}
