package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of what is stored in maps: numbers, struct literals and copies of other entries. */
final class ValueAnalyzer {
    private final ExpressionAnalyzer expressions;
    private final FieldResolver fields;
    private final Reporter reporter;

    ValueAnalyzer(ExpressionAnalyzer expressions, Reporter reporter) {
        this.expressions = expressions;
        this.fields = expressions.names().fields();
        this.reporter = reporter;
    }

    /**
     * The value of an expression for a part of a map's value; null after a complaint.
     *
     * @param what the place that asks for it, as in "the value of `used`"
     */
    @Nullable
    StoredValue value(Expression expression, Part part, String what) {
        List<StoredValue.Scalar> numbers = new ArrayList<>();
        return add(expression, part, what, numbers) ? new StoredValue(part.type(), numbers) : null;
    }

    private boolean add(Expression expression, Part part, String what, List<StoredValue.Scalar> numbers) {
        return switch (part.type()) {
            case StorageType type -> {
                BoundExpression number =
                        expressions.conversions().requireStorable(expressions.analyze(expression), type, what);
                numbers.add(new StoredValue.Scalar(new Slot(part.offset(), type), number));
                yield number.type() != Type.ERROR;
            }
            case StructType struct -> addStruct(expression, part, struct, what, numbers);
        };
    }

    private boolean addStruct(
            Expression expression, Part part, StructType struct, String what, List<StoredValue.Scalar> numbers) {
        if (expression instanceof Expression.StructLiteral literal) {
            return addLiteral(literal, part, struct, what, numbers);
        }
        if (addTaken(expression, part, struct, numbers)) {
            return true;
        }
        Source source;
        if (expression instanceof Expression.Index index) {
            source = element(index, struct, what);
        } else {
            source = found(expression);
            if (source == null) {
                reportUnlessWrong(expression, struct, what);
            }
        }
        if (source == null) {
            return false;
        }
        if (!source.part().type().equals(struct)) {
            reportNotStruct(
                    expression, struct, what, "a " + source.part().type().keyword());
            return false;
        }
        // The same struct has its numbers in the same order everywhere.
        List<Slot> from = source.part().slots();
        List<Slot> to = part.slots();
        for (int i = 0; i < to.size(); i++) {
            BoundExpression read =
                    new BoundExpression.Read(new Place.Stored(source.location(), from.get(i)), expression.span());
            numbers.add(new StoredValue.Scalar(to.get(i), read));
        }
        return true;
    }

    /** Copies a struct that was taken out of a queue or stack; false when the expression is none. */
    private boolean addTaken(Expression expression, Part part, StructType struct, List<StoredValue.Scalar> numbers) {
        if (!(expression instanceof Expression.Name(String name, var _))
                || !(expressions.environment().scope().lookup(name) instanceof Symbol.Taken taken)
                || !taken.type().equals(struct)) {
            return false;
        }
        List<Slot> to = part.slots();
        for (int i = 0; i < to.size(); i++) {
            Variable variable = taken.numbers().get(i);
            variable.countRead();
            BoundExpression read = new BoundExpression.Read(new Place.Local(variable), expression.span());
            numbers.add(new StoredValue.Scalar(to.get(i), read));
        }
        return true;
    }

    /** Complains about a number where a struct belongs, unless it is wrong by itself. */
    private void reportUnlessWrong(Expression expression, StructType struct, String what) {
        Operand operand = expressions.analyze(expression);
        if (!(operand instanceof Operand.Typed(BoundExpression value)) || value.type() != Type.ERROR) {
            reportNotStruct(expression, struct, what, "a number");
        }
    }

    /** A struct that is sure to be there, to be copied. */
    private record Source(Location location, Part part) {}

    /** The struct that the name of an entry, or a field of it, stands for; null when it is none. */
    private @Nullable Source found(Expression expression) {
        Identifier name;
        List<Identifier> path;
        switch (expression) {
            case Expression.Name found -> {
                name = found.identifier();
                path = List.of();
            }
            case Expression.Member(Identifier object, var fieldPath, var _) -> {
                name = object;
                path = fieldPath;
            }
            default -> {
                return null;
            }
        }
        if (!(expressions.environment().scope().lookup(name.name()) instanceof Symbol.Found(Entry entry))) {
            return null;
        }
        Part part = entry.part().find(path);
        if (part == null || !part.isStruct()) {
            return null;
        }
        entry.markUsed();
        return new Source(new Location.Found(entry), part);
    }

    /** The struct in an array at a constant index; null after a complaint. */
    private @Nullable Source element(Expression.Index index, StructType struct, String what) {
        if (!expressions.names().isStruct(index)) {
            reportUnlessWrong(index, struct, what);
            return null;
        }
        MapSchema map = expressions.names().map(index.map());
        Part part = map == null ? null : Part.whole(map.value()).find(index.path());
        if (map == null || part == null) {
            return null;
        }
        BoundExpression key = expressions.key(map, index.key());
        if (ExpressionAnalyzer.isElement(map, key)) {
            return new Source(ExpressionAnalyzer.element(map, key), part);
        }
        if (key.type() != Type.ERROR) {
            String read = reporter.quote(index.span(), map.name() + "[...]");
            reporter.message(ErrorCode.ENTRY_MAY_BE_ABSENT, index.span(), "`" + read + "` may not be there")
                    .label(map.isArray() ? "the index may be out of range" : "the key may be absent")
                    .help("give it a name first: `let from = " + read + " else { return; }`")
                    .report();
        }
        return null;
    }

    private boolean addLiteral(
            Expression.StructLiteral literal,
            Part part,
            StructType struct,
            String what,
            List<StoredValue.Scalar> numbers) {
        if (!literal.type().name().equals(struct.name())) {
            reportNotStruct(literal, struct, what, "a " + literal.type().name());
            return false;
        }
        boolean right = true;
        Map<String, Identifier> given = new HashMap<>();
        for (Expression.StructLiteral.Field field : literal.fields()) {
            Identifier name = field.name();
            Identifier earlier = given.putIfAbsent(name.name(), name);
            Optional<StructType.Field> found = struct.field(name.name());
            if (earlier != null) {
                StructAnalyzer.reportDuplicate(reporter, name, "given", earlier);
                right = false;
            } else if (found.isEmpty()) {
                fields.reportUnknown(struct, name);
                right = false;
            } else {
                right &= add(field.value(), part.field(found.get()), "`" + name.name() + "`", numbers);
            }
        }
        List<String> missing = struct.fields().stream()
                .map(StructType.Field::name)
                .filter(n -> !given.containsKey(n))
                .toList();
        // A wrong name is most often a missing one misspelt.
        if (right && !missing.isEmpty()) {
            reportMissing(literal, struct, missing);
        }
        return right && missing.isEmpty();
    }

    private void reportMissing(Expression.StructLiteral literal, StructType struct, List<String> missing) {
        reporter.message(
                        ErrorCode.MISSING_FIELD,
                        literal.type().span(),
                        "`" + String.join("`, `", missing) + "` of `" + struct.name() + "` "
                                + (missing.size() == 1 ? "has" : "have") + " no value")
                .label("incomplete")
                .help("give every field: `" + String.join(": 0, ", missing) + ": 0`")
                .report();
    }

    private void reportNotStruct(Expression expression, StructType struct, String what, String found) {
        String values = struct.fields().stream()
                .map(f -> f.name() + ": " + (f.type() instanceof StructType inner ? inner.name() + " { ... }" : "0"))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        reporter.message(
                        ErrorCode.STRUCT_EXPECTED,
                        expression.span(),
                        what + " is a " + struct.name() + ", but this is " + found)
                .label("expected a " + struct.name())
                .help("give its fields: `" + struct.name() + " { " + values + " }`")
                .report();
    }
}
