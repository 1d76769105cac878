package dev.gbpf.lang.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands at the top level of a policy. */
public sealed interface Declaration {

    Identifier name();

    /** {@code const NAME: type = value;} */
    record Constant(Identifier name, @Nullable Identifier type, Expression value) implements Declaration {}

    /** {@code struct name { fields }} */
    record Struct(Identifier name, List<Field> fields) implements Declaration {
        public Struct {
            fields = List.copyOf(fields);
        }

        /** {@code name: type} */
        public record Field(Identifier name, Identifier type) {}
    }

    /** {@code map name: kind<types>[capacity];} */
    record Map(Identifier name, Identifier kind, List<Identifier> types, Expression capacity) implements Declaration {
        public Map {
            types = List.copyOf(types);
        }
    }

    /**
     * {@code fn name(parameters) -> result body}
     *
     * @param result the type of what it gives, or null
     */
    record Function(
            Identifier name,
            List<Parameter> parameters,
            @Nullable Identifier result,
            Block body) implements Declaration {
        public Function {
            parameters = List.copyOf(parameters);
        }
    }

    /** {@code name: type} */
    record Parameter(Identifier name, Identifier type) {}

    /** {@code hook name(context) body} */
    record Hook(Identifier name, Identifier context, Block body) implements Declaration {}
}
