package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.UnaryOperator;
import java.util.List;

/** An expression whose names and types are settled. Operands of one operator have one type, except the count of a shift. */
public sealed interface BoundExpression {

    Type type();

    SourceSpan span();

    /** A value known now; booleans are 0 and 1. */
    record Constant(Type type, long value, SourceSpan span) implements BoundExpression {}

    /** What a place holds. */
    record Read(Place place, SourceSpan span) implements BoundExpression {
        @Override
        public Type type() {
            return place.type();
        }
    }

    /** A number in the value of a key, or {@code fallback} (evaluated only then) when the map has no such key. */
    record Lookup(MapSchema map, BoundExpression key, Slot slot, BoundExpression fallback, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return slot.type().type();
        }
    }

    /**
     * A number that a queue or stack gives, or {@code fallback} (evaluated only then) when it is empty.
     *
     * @param helper what takes or copies it
     */
    record Take(Helper helper, MapSchema map, Slot slot, BoundExpression fallback, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return slot.type().type();
        }
    }

    /** A prefix operator. */
    record Unary(UnaryOperator operator, BoundExpression operand, SourceSpan span) implements BoundExpression {
        @Override
        public Type type() {
            return operand.type();
        }
    }

    /** An operator of the arithmetic family; the type of the left operand decides about signedness. */
    record Arithmetic(BinaryOperator operator, BoundExpression left, BoundExpression right, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return left.type();
        }
    }

    /** An operation, or the fallback (evaluated only then) as soon as a checked operator in the operation overflows. */
    record Guarded(BoundExpression operation, BoundExpression fallback, SourceSpan span) implements BoundExpression {
        @Override
        public Type type() {
            return operation.type();
        }
    }

    /** An operator of the comparison family. */
    record Comparison(BinaryOperator operator, BoundExpression left, BoundExpression right, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return Type.BOOL;
        }
    }

    /** An operator of the logical family. */
    record Logical(BinaryOperator operator, BoundExpression left, BoundExpression right, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return Type.BOOL;
        }
    }

    /** {@code min} or {@code max}. */
    record Extremum(boolean greatest, BoundExpression left, BoundExpression right, SourceSpan span)
            implements BoundExpression {
        @Override
        public Type type() {
            return left.type();
        }
    }

    /** The value of the arm that the table gives for the subject; no other arm is evaluated. */
    record Match(BoundExpression subject, MatchTable table, List<BoundExpression> arms, Type type, SourceSpan span)
            implements BoundExpression {
        public Match {
            arms = List.copyOf(arms);
        }
    }

    /** The same 64 bits as another integer type, or a boolean as 0 or 1. */
    record Convert(Type type, BoundExpression operand, SourceSpan span) implements BoundExpression {}

    /** The call of a function. One that gives nothing counts as 0, which nothing reads. */
    record Invoke(BoundFunction function, List<BoundExpression> arguments, SourceSpan span) implements BoundExpression {
        public Invoke {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Type type() {
            Type result = function.result();
            return result == null ? Type.U64 : result;
        }
    }

    /** The call of a helper. */
    record Call(Helper helper, Type type, List<BoundExpression> arguments, SourceSpan span) implements BoundExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
