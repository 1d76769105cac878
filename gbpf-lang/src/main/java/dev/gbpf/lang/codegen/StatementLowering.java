package dev.gbpf.lang.codegen;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.sema.BoundBlock;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.BoundStatement;
import dev.gbpf.lang.sema.Entry;
import dev.gbpf.lang.sema.MapSchema;
import dev.gbpf.lang.sema.Place;
import dev.gbpf.lang.sema.Slot;
import dev.gbpf.lang.sema.Variable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Lowers statements. */
final class StatementLowering {
    private final HookLowering hook;
    private final CodeBuilder code;
    private final ExpressionLowering expressions;
    private final Deque<LoopLabels> loops = new ArrayDeque<>();

    StatementLowering(HookLowering hook) {
        this.hook = hook;
        this.code = hook.code();
        this.expressions = hook.expressions();
    }

    /** Where {@code continue} and {@code break} lead. */
    private record LoopLabels(int step, int end) {}

    void block(BoundBlock block) {
        block.statements().forEach(this::statement);
    }

    private void statement(BoundStatement statement) {
        code.at(statement.span());
        switch (statement) {
            case BoundStatement.Store(Place place, BoundExpression value, SourceSpan span) -> store(place, value, span);
            case BoundStatement.Modify modify -> modify(modify);
            case BoundStatement.Update update -> update(update);
            case BoundStatement.Replace(var location, var value, SourceSpan _) ->
                hook.maps().replace(location, value);
            case BoundStatement.Find find -> find(find);
            case BoundStatement.Put put -> put(put);
            case BoundStatement.Take(var helper, var map, var numbers, var otherwise, SourceSpan _) -> {
                int empty = code.newLabel();
                int end = code.newLabel();
                take(helper, map, numbers, empty);
                code.jump(end);
                code.place(empty);
                block(otherwise);
                code.place(end);
            }
            case BoundStatement.Delete(var map, var key, SourceSpan _) ->
                hook.maps().delete(map, key);
            case BoundStatement.If conditional -> conditional(conditional);
            case BoundStatement.Loop loop -> loop(loop);
            case BoundStatement.Each each -> each(each);
            case BoundStatement.Match(var subject, var table, var arms, SourceSpan _) ->
                MatchLowering.lower(hook, subject, table, arms.size(), i -> block(arms.get(i)));
            case BoundStatement.Break _ -> code.jump(loops.element().end());
            case BoundStatement.Continue _ -> code.jump(loops.element().step());
            case BoundStatement.Return(BoundExpression value, SourceSpan span) -> hook.leave(value, span);
            case BoundStatement.Evaluate(BoundExpression expression, SourceSpan _) -> expressions.evaluate(expression);
            case BoundStatement.Nested(BoundBlock block, SourceSpan _) -> block(block);
        }
    }

    private void store(Place place, BoundExpression expression, SourceSpan span) {
        if (place instanceof Place.Local(Variable variable)) {
            if (!variable.mutable()) {
                hook.ranges().assume(variable, hook.ranges().of(expression));
            }
            expressions.evaluateInto(hook.register(variable), expression);
            return;
        }
        Source value = expressions.evaluate(expression);
        code.at(span);
        write(place, value);
    }

    private void write(Place place, Source value) {
        switch (place) {
            case Place.Local(Variable variable) -> code.move(hook.register(variable), value);
            case Place.Field(var field) ->
                code.emit(
                        new LowInstruction.Store(field.width(), hook.context(), field.offset(), code.encodable(value)));
            case Place.Stored(var location, var slot) ->
                hook.maps().store(slot, hook.maps().address(location), value);
        }
    }

    private void modify(BoundStatement.Modify modify) {
        Place place = modify.place();
        Source operand = expressions.evaluate(modify.value());
        code.at(modify.span());
        if (place instanceof Place.Stored(var location, var slot)) {
            int address = hook.maps().address(location);
            if (location.map().definition().kind() == MapKind.COUNTERS) {
                hook.maps().add(slot, address, operand);
                return;
            }
            Source old = hook.maps().load(slot, address);
            Source value = expressions.arithmetic(modify.operator(), place.type(), old, operand);
            hook.maps().store(slot, address, value);
        } else {
            Source old = expressions.read(place);
            write(place, expressions.arithmetic(modify.operator(), place.type(), old, operand));
        }
    }

    private void update(BoundStatement.Update update) {
        int refused = code.newLabel();
        int end = code.newLabel();
        BoundBlock otherwise = update.otherwise();
        if (update.map().isArray()) {
            hook.maps().setElement(update.map(), update.key(), update.value(), refused);
            code.jump(end);
        } else {
            int result = hook.maps().update(update.map(), update.key(), update.value());
            if (otherwise != null) {
                code.branch(JumpOp.EQ, result, new Source.Imm(0), end);
            }
        }
        code.place(refused);
        if (otherwise != null) {
            block(otherwise);
        }
        code.place(end);
    }

    private void put(BoundStatement.Put put) {
        int full = code.newLabel();
        int end = code.newLabel();
        hook.buffers().put(put, full);
        code.jump(end);
        code.place(full);
        block(put.otherwise());
        code.place(end);
    }

    /** Puts the numbers that a queue or stack gives into their variables; jumps to {@code empty} when it has none. */
    private void take(Helper helper, MapSchema map, List<Variable> numbers, int empty) {
        hook.buffers().take(helper, map, empty);
        List<Slot> slots = map.value().slots();
        for (int i = 0; i < numbers.size(); i++) {
            hook.buffers().number(map, slots.get(i), hook.register(numbers.get(i)));
        }
    }

    private void find(BoundStatement.Find find) {
        int absent = code.newLabel();
        int end = code.newLabel();
        code.move(
                hook.register(find.entry()),
                new Source.Reg(hook.maps().find(find.entry().map(), find.key(), absent)));
        code.jump(end);
        code.place(absent);
        BoundBlock otherwise = find.otherwise();
        if (otherwise != null) {
            block(otherwise);
        }
        code.place(end);
    }

    private void conditional(BoundStatement.If statement) {
        int end = code.newLabel();
        for (BoundStatement.Branch branch : statement.branches()) {
            int next = code.newLabel();
            code.at(branch.condition().span());
            switch (branch.condition()) {
                case BoundStatement.Condition.Test(BoundExpression expression) ->
                    expressions.branch(expression, false, next);
                case BoundStatement.Condition.Taken(var helper, var map, var numbers, SourceSpan _) ->
                    take(helper, map, numbers, next);
                case BoundStatement.Condition.Present(Entry entry, BoundExpression key, SourceSpan _) ->
                    code.move(hook.register(entry), new Source.Reg(hook.maps().find(entry.map(), key, next)));
            }
            block(branch.body());
            code.jump(end);
            code.place(next);
        }
        BoundBlock otherwise = statement.otherwise();
        if (otherwise != null) {
            block(otherwise);
        }
        code.place(end);
    }

    /** An end of a range, which must not change while the loop runs; a number only where the analysis has checked it. */
    private Source fixed(BoundExpression expression, Source value) {
        return expression instanceof BoundExpression.Constant ? value : new Source.Reg(code.copy(value));
    }

    /*
     * The shape of a loop is part of what the verifier proves termination from: one register is set to a start before the
     * loop, compared at its head with a constant or with an end that is known to be small, and stepped by one in exactly one
     * place. That register is the counter itself where that bounds it, else a second one that counts the iterations from 0.
     */
    private void loop(BoundStatement.Loop loop) {
        int head = code.newLabel();
        LoopLabels labels = new LoopLabels(code.newLabel(), code.newLabel());
        int counter = hook.register(loop.counter());
        Source from = expressions.evaluate(loop.from());
        Source start = fixed(loop.from(), from);
        Source to = expressions.evaluate(loop.to());
        Source end = fixed(loop.to(), to);
        code.move(counter, start);
        LoopBound bound = LoopBound.of(
                start, hook.ranges().of(loop.from()), end, hook.ranges().of(loop.to()), loop.limit());
        hook.ranges().assume(loop.counter(), counted(loop, bound));
        int rounds = bound.countsRounds() ? code.copy(new Source.Imm(0)) : counter;
        code.enterLoop();
        code.place(head);
        if (bound.comparesLimit()) {
            code.branch(JumpOp.GE, rounds, new Source.Imm(bound.limit()), labels.end());
        }
        if (bound.comparesEnd()) {
            code.branch(JumpOp.GE, counter, end, labels.end());
        }
        loops.push(labels);
        block(loop.body());
        loops.pop();
        code.place(labels.step());
        code.at(loop.span());
        code.alu(AluOp.ADD, counter, new Source.Imm(1));
        if (bound.countsRounds()) {
            code.alu(AluOp.ADD, rounds, new Source.Imm(1));
        }
        code.jump(head);
        code.leaveLoop();
        code.place(labels.end());
    }

    /** What the counter is in the body: at least the start, less than the end or than a constant. */
    private UnsignedRange counted(BoundStatement.Loop loop, LoopBound bound) {
        long first = hook.ranges().of(loop.from()).min();
        UnsignedRange body = UnsignedRange.refine(
                JumpOp.LT, new UnsignedRange(first, -1), hook.ranges().of(loop.to()));
        return bound.countsRounds() ? body : UnsignedRange.refine(JumpOp.LT, body, UnsignedRange.of(bound.limit()));
    }

    /*
     * Slots go up by themselves: the helper skips empty ones. That does not show the verifier an end, so the rounds are
     * counted; there are at most as many as the map has slots.
     */
    private void each(BoundStatement.Each each) {
        int head = code.newLabel();
        LoopLabels labels = new LoopLabels(code.newLabel(), code.newLabel());
        MapSchema map = each.entry().map();
        int slot = code.copy(new Source.Imm(0));
        int rounds = code.copy(new Source.Imm(0));
        code.enterLoop();
        code.place(head);
        code.branch(JumpOp.GE, rounds, new Source.Imm(map.definition().maxEntries()), labels.end());
        code.move(slot, new Source.Reg(hook.maps().slot(Helper.MAP_NEXT_SLOT, map, slot)));
        code.branch(JumpOp.SLT, slot, new Source.Imm(0), labels.end());
        int entry = hook.register(each.entry());
        code.move(entry, new Source.Reg(hook.maps().slot(Helper.MAP_SLOT_VALUE, map, slot)));
        code.branch(JumpOp.EQ, entry, new Source.Imm(0), labels.step());
        Variable key = each.key();
        if (key != null) {
            code.move(hook.register(key), hook.maps().slotKey(map, slot));
        }
        loops.push(labels);
        block(each.body());
        loops.pop();
        code.place(labels.step());
        code.at(each.span());
        code.alu(AluOp.ADD, slot, new Source.Imm(1));
        code.alu(AluOp.ADD, rounds, new Source.Imm(1));
        code.jump(head);
        code.leaveLoop();
        code.place(labels.end());
    }
}
