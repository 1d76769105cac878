package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks declarations of structs, and finds the types that maps and structs are made of. */
final class StructAnalyzer {
    private final Environment environment;
    private final Reporter reporter;

    StructAnalyzer(Environment environment, Reporter reporter) {
        this.environment = environment;
        this.reporter = reporter;
    }

    /** The struct's type; null after a complaint. */
    @Nullable
    StructType type(Declaration.Struct declaration) {
        Identifier name = declaration.name();
        if (declaration.fields().isEmpty()) {
            reporter.message(ErrorCode.EMPTY_STRUCT, name.span(), "the struct `" + name.name() + "` has no fields")
                    .label("nothing to store")
                    .help("give it one: `struct " + name.name() + " { count: u64 }`")
                    .report();
            return null;
        }
        List<StructType.Member> members = new ArrayList<>();
        Map<String, Identifier> seen = new HashMap<>();
        for (Declaration.Struct.Field field : declaration.fields()) {
            Identifier earlier = seen.putIfAbsent(field.name().name(), field.name());
            if (earlier != null) {
                reportDuplicate(reporter, field.name(), "declared", earlier);
            }
            DataType type = field.type().name().equals(name.name()) ? recursive(field) : dataType(field.type());
            if (type != null && earlier == null) {
                members.add(new StructType.Member(field.name().name(), type));
            }
        }
        // A mistake in a field was complained about; without it the layout would be another one.
        return members.size() < declaration.fields().size() ? null : withinLimits(name, members);
    }

    private @Nullable DataType recursive(Declaration.Struct.Field field) {
        reporter.message(
                        ErrorCode.RECURSIVE_STRUCT,
                        field.type().span(),
                        "`" + field.type().name() + "` would contain itself")
                .label("a struct inside itself never ends")
                .help("refer to the other entry by its key: `" + field.name().name() + ": u32`")
                .report();
        return null;
    }

    private @Nullable StructType withinLimits(Identifier name, List<StructType.Member> members) {
        StructType type = StructType.of(name.name(), members);
        if (type.size() > StructType.MAX_SIZE) {
            reporter.message(
                            ErrorCode.STRUCT_TOO_LARGE,
                            name.span(),
                            "the struct `" + name.name() + "` has " + type.size() + " bytes")
                    .label("at most " + StructType.MAX_SIZE + " are allowed")
                    .help("put part of it in a second map with the same key")
                    .report();
            return null;
        }
        if (type.depth() > StructType.MAX_DEPTH) {
            reporter.message(
                            ErrorCode.STRUCT_TOO_LARGE,
                            name.span(),
                            "structs are nested " + type.depth() + " deep in `" + name.name() + "`")
                    .label("at most " + StructType.MAX_DEPTH + " levels are allowed")
                    .help("put the fields of the inner struct here")
                    .report();
            return null;
        }
        return type;
    }

    /** The type of a field or of a map's value; null, and a complaint, when the name means none. */
    @Nullable
    DataType dataType(Identifier name) {
        Symbol symbol = environment.scope().lookup(name.name());
        if (symbol instanceof Symbol.Struct struct) {
            struct.markUsed();
            return struct.type();
        }
        StorageType type = StorageType.byKeyword(name.name()).orElse(null);
        if (type == null) {
            reportUnknown(name);
        }
        return type;
    }

    private void reportUnknown(Identifier name) {
        if (environment.isDeclaredLater(name.name())) {
            reporter.message(
                            ErrorCode.USED_BEFORE_DECLARED,
                            name.span(),
                            "`" + name.name() + "` is used before it is declared")
                    .label("not declared yet")
                    .help("move its declaration above this one")
                    .report();
            return;
        }
        List<String> known = new ArrayList<>(StorageType.keywords());
        environment.scope().names().stream()
                .filter(n -> environment.scope().lookup(n) instanceof Symbol.Struct)
                .forEach(known::add);
        reporter.message(ErrorCode.UNKNOWN_TYPE, name.span(), "`" + name.name() + "` is not a type that a map can hold")
                .label("expected " + String.join(", ", StorageType.keywords()) + " or a struct")
                .help(reporter.didYouMean(name.name(), () -> known))
                .report();
    }

    /** Complains that a field is there twice; {@code done} says what happened to it, in a participle. */
    static void reportDuplicate(Reporter reporter, Identifier again, String done, Identifier first) {
        reporter.message(
                        ErrorCode.DUPLICATE_FIELD,
                        again.span(),
                        "the field `" + again.name() + "` is " + done + " twice")
                .label(done + " again here")
                .note("the first one is in line " + first.span().line())
                .help("take one of them out")
                .report();
    }
}
