package dev.gbpf.verifier.explain;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.explain.AbstractPath.Step;
import dev.gbpf.verifier.explain.Explanation.HistoryEvent;
import dev.gbpf.verifier.explain.Explanation.Kind;
import dev.gbpf.verifier.explain.Place.InRegister;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a value came to be what it is: walks the def-use chain backwards along a path, and the branches that narrowed the value.
 * Of two operands it follows the one that is less known.
 */
final class ValueHistory {
    private static final int MAX_EVENTS = 12;

    private final AnalysisStates states;
    private final AbstractPath path;
    private final ValueNames names;
    private final OtherWays elsewhere;
    private final BranchReasons reasons;
    private final List<HistoryEvent> events = new ArrayList<>();

    ValueHistory(ProgramText text, AnalysisStates states, AbstractPath path, ValueNames names) {
        this.states = states;
        this.path = path;
        this.names = names;
        this.elsewhere = new OtherWays(text, states);
        this.reasons = new BranchReasons(states, path, names);
    }

    /** The history of a place up to the end of the path, in the order of execution. */
    List<HistoryEvent> of(Place start) {
        if (start.in(path.last()) instanceof Pointer pointer && pointer.maybeNull()) {
            add(path.size() - 1, Kind.MISSING, "not compared with null on this way" + elsewhere.nullTests(pointer));
        }
        Place place = start;
        int before = path.size() - 1;
        boolean joins = true;
        while (place != null && events.size() < MAX_EVENTS) {
            Definition definition = Definition.of(path, place, before, joins);
            narrowings(place, definition, before);
            place = describe(definition);
            before = definition.position();
            joins &= definition.kind() != Definition.Kind.JOINT;
        }
        Collections.reverse(events);
        return events;
    }

    private void add(int position, Kind kind, String words) {
        events.add(new HistoryEvent(path.step(position).index(), kind, words));
    }

    /** The branches since its definition that left less of the value. */
    private void narrowings(Place place, Definition definition, int before) {
        int from = definition.kind() == Definition.Kind.JOINT ? definition.position() : definition.position() + 1;
        for (int i = before - 1; i >= from && events.size() < MAX_EVENTS; i--) {
            if (!(path.instruction(i) instanceof Instruction.CondJump)
                    || path.step(i).edge() < 0) {
                continue;
            }
            if (i + 1 == path.joint()) {
                continue;
            }
            Value was = place.in(path.step(i).before());
            Value is = place.in(path.step(i + 1).before());
            if (was != null && is != null && !ValueText.of(was).equals(ValueText.of(is))) {
                String now = is instanceof Pointer ? "" : ", so it is " + ValueText.of(is);
                add(i, Kind.NARROWED, reasons.reason(i) + now);
            }
        }
    }

    /** Adds what gave the place its value; the place to go on with, or null at the origin. */
    private @Nullable Place describe(Definition definition) {
        int at = definition.position();
        return switch (definition.kind()) {
            case JOINT -> joint(definition);
            case ENTRY -> {
                if (place(definition) instanceof Value.Uninitialised || place(definition) == null) {
                    missing(definition.place());
                }
                yield null;
            }
            case FUNCTION -> {
                boolean pointer =
                        definition.place() instanceof InRegister(Register register, var _) && register == Register.R10;
                add(
                        at,
                        pointer ? Kind.ORIGIN : Kind.MISSING,
                        pointer
                                ? "the pointer to the function's frame"
                                : "the function begins here, and only r1 to r5 and r10 have values then");
                yield null;
            }
            case CLOBBER -> {
                events.add(new HistoryEvent(
                        definition.callIndex(path), Kind.MISSING, "the call leaves r1 to r5 without values"));
                yield null;
            }
            case PART -> {
                add(at, Kind.ORIGIN, "some of its bytes are written, or may be");
                yield null;
            }
            case WRITE -> written(definition);
        };
    }

    private @Nullable Value place(Definition definition) {
        return definition.place().in(path.step(0).before());
    }

    private void missing(Place place) {
        add(path.size() - 1, Kind.MISSING, "nothing on this way gives it a value" + elsewhere.writers(place));
    }

    private @Nullable Place joint(Definition definition) {
        int at = definition.position();
        Value here = definition.place().in(path.step(at).before());
        EbpfState alone = path.beforeJoint();
        Value there = alone == null ? null : definition.place().in(alone);
        if (here == null || there == null) {
            return null;
        }
        BasicBlock block = path.step(at).block();
        if (path.kind() == AbstractPath.Joint.LOOP) {
            String writers = elsewhere.writersInLoop(block.id(), definition.place());
            add(
                    at,
                    Kind.WIDENED,
                    "at the head of the loop it is " + ValueText.of(here) + (writers.isEmpty() ? "" : "; " + writers));
        } else {
            add(at, Kind.JOINED, "ways meet here: " + elsewhere.incoming(block.id(), definition.place()));
        }
        // What the way alone brings there: the value before the first iteration, or on one of the ways.
        return definition.place();
    }

    private @Nullable Place written(Definition definition) {
        int at = definition.position();
        Step step = path.step(at);
        int frame = step.frame();
        EbpfState after = states.after(step.before(), step.index());
        Value value = definition.place().in(after);
        String now = value == null ? "" : ": " + ValueText.of(value);
        return switch (path.instruction(at)) {
            case Instruction.Mov(boolean is64, int signBits, var _, Register source) -> {
                if (!is64 || signBits != 0) {
                    add(at, Kind.COMPUTED, "cut to the low bits of " + names.operand(source, at) + now);
                }
                yield new InRegister(source, frame);
            }
            case Instruction.Store(var _, var _, var _, Register source) -> new InRegister(source, frame);
            case Instruction.Load load -> {
                Place stack = Place.reached(
                        step.before(), load.base(), load.offset(), load.width().bytes());
                if (stack != null) {
                    yield stack;
                }
                String memory = names.memory(step.before(), load.base(), load.offset(), load.width());
                add(at, Kind.ORIGIN, (memory == null ? "loaded from memory" : "loaded from " + memory) + now);
                yield null;
            }
            case Instruction.Alu alu -> computed(alu, at, now);
            case Instruction.Neg i -> {
                add(at, Kind.COMPUTED, "negated" + now);
                yield new InRegister(i.dst(), frame);
            }
            case Instruction.ByteSwap i -> {
                add(at, Kind.COMPUTED, "its bytes swapped" + now);
                yield new InRegister(i.dst(), frame);
            }
            case Instruction.CallHelper(int id) -> {
                add(at, Kind.ORIGIN, called(id, step.before(), value));
                yield null;
            }
            case Instruction.LoadPseudo _ -> {
                add(at, Kind.ORIGIN, "loaded" + now);
                yield null;
            }
            case Instruction.Atomic _ -> {
                add(at, Kind.ORIGIN, "what was in memory" + now);
                yield null;
            }
            default -> {
                add(at, Kind.ORIGIN, "set" + (value == null ? "" : " to " + ValueText.of(value)));
                yield null;
            }
        };
    }

    private String called(int id, EbpfState state, @Nullable Value value) {
        String result = names.result(id, state);
        if (value instanceof Pointer pointer && pointer.maybeNull()) {
            return result + ", which is null when the key is absent";
        }
        return "the result of " + result + (value == null ? "" : ": " + ValueText.of(value));
    }

    /** An operation of two operands: the history goes on with the pointer's offset, or the number that is less known. */
    private Place computed(Instruction.Alu alu, int at, String now) {
        Step step = path.step(at);
        Register followed = followed(alu, step.before());
        String operation = ValueNames.joined(names.operand(alu.dst(), at), alu.op(), names.operand(alu.src(), at));
        add(at, Kind.COMPUTED, operation + now);
        return new InRegister(followed, step.frame());
    }

    private static Register followed(Instruction.Alu alu, EbpfState state) {
        Operand src = alu.src();
        if (!(src instanceof Register other)) {
            return alu.dst();
        }
        Value left = state.get(alu.dst());
        Value right = state.get(other);
        if (left instanceof Pointer pointer && right instanceof Numeric number) {
            return pointer.maybeNull() || isOffset(pointer, number) ? alu.dst() : other;
        }
        if (right instanceof Pointer && left instanceof Numeric) {
            return alu.dst();
        }
        if (left instanceof Numeric a && right instanceof Numeric b) {
            boolean bounding = alu.op() == AluOp.AND || alu.op() == AluOp.MOD || alu.op() == AluOp.RSH;
            return bounding || a.scalar().includes(b.scalar()) ? alu.dst() : other;
        }
        return left instanceof Value.Uninitialised
                ? alu.dst()
                : right instanceof Value.Uninitialised ? other : alu.dst();
    }

    /** Whether the pointer's own offset is what is not known of a sum. */
    private static boolean isOffset(Pointer pointer, Numeric number) {
        return !pointer.offset().isConstant() && number.scalar().isConstant();
    }
}
