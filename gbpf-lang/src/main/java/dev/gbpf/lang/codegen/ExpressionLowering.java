package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.IntegerArithmetic;
import dev.gbpf.lang.sema.Place;
import dev.gbpf.lang.sema.Type;
import java.util.ArrayList;
import java.util.List;

/** Lowers expressions. Evaluation goes from left to right. */
final class ExpressionLowering {
    private final HookLowering hook;
    private final CodeBuilder code;
    private final OverflowLowering overflow;

    ExpressionLowering(HookLowering hook) {
        this.hook = hook;
        this.code = hook.code();
        this.overflow = new OverflowLowering(hook.code());
    }

    /**
     * The value of an expression. It may be the register of a variable, so it counts only until the variable is assigned;
     * expressions assign nothing.
     */
    Source evaluate(BoundExpression expression) {
        SourceSpan before = code.at(expression.span());
        Source value = switch (expression) {
            case BoundExpression.Constant constant -> new Source.Imm(constant.value());
            case BoundExpression.Read(Place place, var _) -> read(place);
            case BoundExpression.Lookup lookup -> lookup(code.newRegister(), lookup);
            case BoundExpression.Take take -> take(code.newRegister(), take);
            case BoundExpression.Unary unary -> unary(unary);
            case BoundExpression.Arithmetic arithmetic -> arithmetic(arithmetic);
            case BoundExpression.Guarded guarded -> guarded(code.newRegister(), guarded);
            case BoundExpression.Comparison comparison -> truth(code.newRegister(), comparison);
            case BoundExpression.Logical logical -> truth(code.newRegister(), logical);
            case BoundExpression.Extremum extremum -> extremum(extremum);
            case BoundExpression.Match match -> match(code.newRegister(), match);
            case BoundExpression.Convert convert -> evaluate(convert.operand());
            case BoundExpression.Call call -> call(call);
            case BoundExpression.Invoke invoke -> invoke(invoke);
        };
        code.at(before);
        return value;
    }

    /** Puts the value of an expression in the register of a variable, which the expression may read. */
    void evaluateInto(int variable, BoundExpression expression) {
        SourceSpan before = code.at(expression.span());
        switch (expression) {
            case BoundExpression.Comparison comparison -> truth(variable, comparison);
            case BoundExpression.Logical logical -> truth(variable, logical);
            case BoundExpression.Lookup lookup -> lookup(variable, lookup);
            case BoundExpression.Take take -> take(variable, take);
            case BoundExpression.Guarded guarded -> guarded(variable, guarded);
            case BoundExpression.Match match -> match(variable, match);
            default -> code.move(variable, evaluate(expression));
        }
        code.at(before);
    }

    /** What a place holds. */
    Source read(Place place) {
        return switch (place) {
            case Place.Local(var variable) -> hook.value(variable);
            case Place.Field(var field) -> {
                int value = code.newRegister();
                code.emit(new LowInstruction.Load(field.width(), false, value, hook.context(), field.offset()));
                yield new Source.Reg(value);
            }
            case Place.Stored(var location, var slot) ->
                hook.maps().load(slot, hook.maps().address(location));
        };
    }

    /** The value of an entry or else the fallback, in a register that is set last. */
    private Source lookup(int result, BoundExpression.Lookup lookup) {
        int absent = code.newLabel();
        int end = code.newLabel();
        int entry = hook.maps().find(lookup.map(), lookup.key(), absent);
        hook.maps().loadInto(result, lookup.slot(), entry);
        code.jump(end);
        code.place(absent);
        code.move(result, evaluate(lookup.fallback()));
        code.place(end);
        return new Source.Reg(result);
    }

    /** The number that a queue or stack gives or else the fallback, in a register that is set last. */
    private Source take(int result, BoundExpression.Take take) {
        int empty = code.newLabel();
        int end = code.newLabel();
        hook.buffers().take(take.helper(), take.map(), empty);
        hook.buffers().number(take.map(), take.slot(), result);
        code.jump(end);
        code.place(empty);
        code.move(result, evaluate(take.fallback()));
        code.place(end);
        return new Source.Reg(result);
    }

    /** The value of an operation or, once it overflows, of the fallback, in a register that is set last. */
    private Source guarded(int result, BoundExpression.Guarded guarded) {
        int overflows = code.newLabel();
        int end = code.newLabel();
        int outer = overflow.enterGuard(overflows);
        Source value = evaluate(guarded.operation());
        overflow.leaveGuard(outer);
        code.move(result, value);
        code.jump(end);
        code.place(overflows);
        code.move(result, evaluate(guarded.fallback()));
        code.place(end);
        return new Source.Reg(result);
    }

    /** The value of one arm, in a register that is set last. */
    private Source match(int result, BoundExpression.Match match) {
        List<BoundExpression> arms = match.arms();
        MatchLowering.lower(hook, match.subject(), match.table(), arms.size(), i -> evaluateInto(result, arms.get(i)));
        return new Source.Reg(result);
    }

    private Source unary(BoundExpression.Unary unary) {
        int result = code.copy(evaluate(unary.operand()));
        switch (unary.operator()) {
            case NEGATE -> code.emit(new LowInstruction.Negate(result));
            case COMPLEMENT -> code.alu(AluOp.XOR, result, new Source.Imm(-1));
            case NOT -> code.alu(AluOp.XOR, result, new Source.Imm(1));
        }
        return new Source.Reg(result);
    }

    private Source arithmetic(BoundExpression.Arithmetic e) {
        Source left = evaluate(e.left());
        Source right = evaluate(e.right());
        // The result takes over the register of the left operand; better one that nobody needs afterwards.
        boolean swap = commutes(e.operator()) && isVariable(e.left()) && !isVariable(e.right());
        return swap && right instanceof Source.Reg
                ? arithmetic(e.operator(), e.type(), right, left)
                : arithmetic(e.operator(), e.type(), left, right);
    }

    private static boolean isVariable(BoundExpression expression) {
        return expression instanceof BoundExpression.Read(Place place, var _) && place instanceof Place.Local;
    }

    private static boolean commutes(BinaryOperator operator) {
        return switch (operator.wrapping()) {
            case ADD, MUL, AND, OR, XOR -> true;
            default -> false;
        };
    }

    /** {@code left op right}, with cheaper operations for some constant right operands. */
    Source arithmetic(BinaryOperator operator, Type type, Source left, Source right) {
        if (left instanceof Source.Imm(long a)
                && right instanceof Source.Imm(long b)
                && (operator.overflow() != BinaryOperator.Overflow.CHECKED
                        || !IntegerArithmetic.overflows(operator, type, a, b))) {
            // What was passed to a function is known only where it stands in place of the call.
            return new Source.Imm(IntegerArithmetic.arithmetic(operator, type, a, b));
        }
        if (operator.overflow() != BinaryOperator.Overflow.WRAPS) {
            return overflow.arithmetic(operator, type, left, right);
        }
        if (right instanceof Source.Imm(long value)) {
            return withConstant(operator, type, left, value);
        }
        return apply(opcode(operator, type), left, right);
    }

    private Source withConstant(BinaryOperator operator, Type type, Source left, long value) {
        boolean powerOfTwo = Long.bitCount(value) == 1;
        boolean unsigned = type == Type.U64;
        Source same = new Source.Imm(value);
        Source log = new Source.Imm(Long.numberOfTrailingZeros(value));
        return switch (operator) {
            case MUL -> powerOfTwo ? apply(AluOp.LSH, left, log) : apply(AluOp.MUL, left, same);
            case DIV -> {
                if (value == 0) {
                    yield new Source.Imm(0);
                }
                yield powerOfTwo && unsigned ? apply(AluOp.RSH, left, log) : apply(opcode(operator, type), left, same);
            }
            case MOD -> {
                if (value == 0) {
                    yield left;
                }
                yield powerOfTwo && unsigned
                        ? apply(AluOp.AND, left, new Source.Imm(value - 1))
                        : apply(opcode(operator, type), left, same);
            }
            case SUB -> apply(AluOp.ADD, left, new Source.Imm(-value));
            case LSH, RSH -> apply(opcode(operator, type), left, new Source.Imm(value & (Long.SIZE - 1)));
            default -> apply(opcode(operator, type), left, same);
        };
    }

    private Source apply(AluOp op, Source left, Source right) {
        Source operand = code.encodable(right);
        int result = code.copy(left);
        code.alu(op, result, operand);
        return new Source.Reg(result);
    }

    private static AluOp opcode(BinaryOperator operator, Type type) {
        boolean signed = type == Type.I64;
        return switch (operator) {
            case ADD -> AluOp.ADD;
            case SUB -> AluOp.SUB;
            case MUL -> AluOp.MUL;
            case DIV -> signed ? AluOp.SDIV : AluOp.DIV;
            case MOD -> signed ? AluOp.SMOD : AluOp.MOD;
            case AND -> AluOp.AND;
            case OR -> AluOp.OR;
            case XOR -> AluOp.XOR;
            case LSH -> AluOp.LSH;
            case RSH -> signed ? AluOp.ARSH : AluOp.RSH;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not arithmetic");
        };
    }

    private Source extremum(BoundExpression.Extremum extremum) {
        int end = code.newLabel();
        Source left = evaluate(extremum.left());
        Source right = code.encodable(evaluate(extremum.right()));
        int result = code.copy(left);
        boolean signed = extremum.type() == Type.I64;
        JumpOp keep = extremum.greatest() ? (signed ? JumpOp.SGE : JumpOp.GE) : (signed ? JumpOp.SLE : JumpOp.LE);
        code.branch(keep, result, right, end);
        code.move(result, right);
        code.place(end);
        return new Source.Reg(result);
    }

    /** A condition as 0 or 1, in a register that is set last. */
    private Source truth(int result, BoundExpression condition) {
        int holds = code.newLabel();
        int end = code.newLabel();
        branch(condition, true, holds);
        code.move(result, new Source.Imm(0));
        code.jump(end);
        code.place(holds);
        code.move(result, new Source.Imm(1));
        code.place(end);
        return new Source.Reg(result);
    }

    private Source call(BoundExpression.Call call) {
        return call(evaluate(call.arguments()), new LowInstruction.Call(call.helper()));
    }

    private Source invoke(BoundExpression.Invoke invoke) {
        List<Source> arguments = evaluate(invoke.arguments());
        return hook.isInlined(invoke.function())
                ? hook.inline(invoke, arguments)
                : call(arguments, new LowInstruction.Invoke(invoke.function()));
    }

    private List<Source> evaluate(List<BoundExpression> expressions) {
        List<Source> values = new ArrayList<>();
        for (BoundExpression expression : expressions) {
            values.add(evaluate(expression));
        }
        return values;
    }

    private Source call(List<Source> arguments, LowInstruction call) {
        for (int i = 0; i < arguments.size(); i++) {
            code.move(i + 1, arguments.get(i));
        }
        code.emit(call);
        return new Source.Reg(code.copy(new Source.Reg(0)));
    }

    /** Goes to {@code label} when the condition is {@code when}, else on. */
    void branch(BoundExpression condition, boolean when, int label) {
        SourceSpan before = code.at(condition.span());
        switch (condition) {
            case BoundExpression.Constant constant -> {
                if ((constant.value() != 0) == when) {
                    code.jump(label);
                }
            }
            case BoundExpression.Comparison comparison -> ConditionLowering.branch(this, code, comparison, when, label);
            case BoundExpression.Logical logical -> branch(logical, when, label);
            case BoundExpression.Unary unary -> branch(unary.operand(), !when, label);
            case BoundExpression.Read _,
                    BoundExpression.Guarded _,
                    BoundExpression.Lookup _,
                    BoundExpression.Take _,
                    BoundExpression.Arithmetic _,
                    BoundExpression.Extremum _,
                    BoundExpression.Convert _,
                    BoundExpression.Match _,
                    BoundExpression.Invoke _,
                    BoundExpression.Call _ -> {
                int value = code.register(evaluate(condition));
                code.branch(when ? JumpOp.NE : JumpOp.EQ, value, new Source.Imm(0), label);
            }
        }
        code.at(before);
    }

    private void branch(BoundExpression.Logical logical, boolean when, int label) {
        // The outcome of the left operand that settles the whole.
        boolean decisive = logical.operator() == BinaryOperator.OR_ELSE;
        if (decisive == when) {
            branch(logical.left(), when, label);
            branch(logical.right(), when, label);
            return;
        }
        int skip = code.newLabel();
        branch(logical.left(), decisive, skip);
        branch(logical.right(), when, label);
        code.place(skip);
    }
}
