package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Identifier;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds fields of structs. */
final class FieldResolver {
    private final Reporter reporter;

    FieldResolver(Reporter reporter) {
        this.reporter = reporter;
    }

    /** The field at the end of a path of fields; null, and a complaint, when there is none. */
    @Nullable
    Part resolve(Part whole, List<Identifier> path) {
        Part part = whole;
        for (Identifier name : path) {
            if (!(part.type() instanceof StructType struct)) {
                reporter.message(
                                ErrorCode.UNKNOWN_STRUCT_FIELD,
                                name.span(),
                                "a " + part.type().keyword() + " has no field `" + name.name() + "`")
                        .label("only structs have fields")
                        .help("take `." + name.name() + "` out")
                        .report();
                return null;
            }
            Optional<StructType.Field> field = struct.field(name.name());
            if (field.isEmpty()) {
                reportUnknown(struct, name);
                return null;
            }
            part = part.field(field.get());
        }
        return part;
    }

    /** Complains that a struct has no such field. */
    void reportUnknown(StructType struct, Identifier name) {
        List<String> known = names(struct);
        reporter.message(
                        ErrorCode.UNKNOWN_STRUCT_FIELD,
                        name.span(),
                        "`" + struct.name() + "` has no field `" + name.name() + "`")
                .label("no such field")
                .note("fields of `" + struct.name() + "`: " + String.join(", ", known))
                .help(reporter.didYouMean(name.name(), () -> known))
                .report();
    }

    private static List<String> names(StructType struct) {
        return struct.fields().stream().map(StructType.Field::name).toList();
    }

    /** The number at the end of a path; null, and a complaint, when there is none. */
    @Nullable
    Slot number(Part whole, List<Identifier> path, SourceSpan span) {
        Part part = resolve(whole, path);
        if (part == null) {
            return null;
        }
        if (part.type() instanceof StorageType type) {
            return new Slot(part.offset(), type);
        }
        reportStruct((StructType) part.type(), span);
        return null;
    }

    /** Complains that a struct stands where a number belongs. */
    void reportStruct(StructType struct, SourceSpan span) {
        String quoted = reporter.quote(span, "...");
        reporter.message(
                        ErrorCode.STRUCT_NOT_A_NUMBER,
                        span,
                        "`" + quoted + "` is a " + struct.name() + ", not a number")
                .label("expected a number")
                .note("fields of `" + struct.name() + "`: " + String.join(", ", names(struct)))
                .help("choose a field: `" + quoted + "."
                        + struct.fields().getFirst().name() + "`")
                .report();
    }
}
