package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.testkit.CheckedMachine;
import dev.gbpf.verifier.testkit.MachineMemory;
import dev.gbpf.verifier.testkit.MachineState;
import dev.gbpf.verifier.testkit.MachineValue;
import dev.gbpf.verifier.testkit.MachineValue.MapRef;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever state of an analysis is made to say something wrong of an execution, the oracle notices. */
class StateOracleTest {
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(200_000));
    /** A symbol and identity that no state has. */
    private static final int NAME = 1 << 30;

    private enum Kind {
        NUMBER,
        OFFSET,
        REGION,
        MAP,
        KIND,
        UNWRITTEN,
        RELATED_NUMBERS,
        RELATED_POINTERS,
        STORED_NUMBER,
        STORED_POINTER,
        UNWRITTEN_BYTES,
        RELATED_STORES
    }

    /** Something wrong that is said of one step of a run. */
    private record Lie(Kind kind, CallContext context, int index, Consumer<EbpfState> change) {}

    @Test
    void lieOfAnyKind_isNoticed() {
        Set<Kind> told = EnumSet.noneOf(Kind.class);
        for (long seed = 0; seed < 100; seed++) {
            told.addAll(tell(seed));
        }
        assertThat(told).containsExactlyInAnyOrder(Kind.values());
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void anyRun_liesAboutAStep_areNoticed(@ForAll long seed) {
        tell(seed);
    }

    /** Tells lies about a step of a run of the program of this seed, one at a time, if it is accepted; what kinds. */
    private static Set<Kind> tell(long seed) {
        Random random = new Random(seed);
        Program program = RandomCode.generate(random);
        AnalysisResult result = VERIFIER.analyse(program, Fixture.ANY_VERDICT, Fixture.MAPS);
        AnalysisStates states = result.states();
        Set<Kind> told = EnumSet.noneOf(Kind.class);
        if (!result.isAccepted() || states == null) {
            return told;
        }
        long inputs = random.nextLong();
        CheckedMachine honest = machine(program, inputs);
        honest.run(Fixture.BUDGET, new StateOracle(states)::check);
        for (Lie lie : liesAboutOneStep(program, inputs, honest.steps(), random)) {
            StateOracle oracle = new StateOracle(
                    states,
                    observer -> states.observe((context, index, state) -> {
                        EbpfState shown = state.copy();
                        if (index == lie.index && context.equals(lie.context)) {
                            lie.change.accept(shown);
                        }
                        observer.observe(context, index, shown);
                    }));
            assertThatThrownBy(
                            () -> machine(program, inputs).run(Fixture.BUDGET, oracle::check),
                            "seed %d, a lie about %s at index %d",
                            seed,
                            lie.kind,
                            lie.index)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageEndingWith("at index " + lie.index);
            told.add(lie.kind);
        }
        return told;
    }

    /** At most one lie of each kind, about a step chosen at random, or about the first one with a map in a register. */
    private static Collection<Lie> liesAboutOneStep(Program program, long inputs, long steps, Random random) {
        boolean withMap = random.nextInt(4) == 0;
        long chosen = Math.floorMod(random.nextLong(), steps);
        long[] step = {0};
        Map<Kind, Lie> lies = new EnumMap<>(Kind.class);
        machine(program, inputs).run(Fixture.BUDGET, (context, index, state) -> {
            boolean isIt = withMap ? state.register(1) instanceof MapRef : step[0]++ == chosen;
            if (isIt && lies.isEmpty()) {
                List<Lie> all = lies(context, index, state);
                Collections.shuffle(all, random);
                all.forEach(lie -> lies.put(lie.kind, lie));
            }
        });
        return lies.values();
    }

    private static CheckedMachine machine(Program program, long inputs) {
        return new CheckedMachine(
                program, Fixture.ANY_VERDICT, Fixture.MAPS, new RandomInputs(program, new Random(inputs)));
    }

    private static List<Lie> lies(CallContext context, int index, MachineState machine) {
        List<Lie> lies = new ArrayList<>();
        for (Register register : Register.values()) {
            wrong(machine.register(register.number()))
                    .forEach((kind, value) ->
                            lies.add(new Lie(kind, context, index, state -> state.set(register, value))));
        }
        relateRegisters(machine).forEach((kind, change) -> lies.add(new Lie(kind, context, index, change)));
        for (int slot = 0; slot < StackFrame.SLOTS; slot++) {
            store(machine, slot).forEach((kind, change) -> lies.add(new Lie(kind, context, index, change)));
        }
        return lies;
    }

    /** Values that the actual one is none of. */
    private static Map<Kind, Value> wrong(@Nullable MachineValue actual) {
        return switch (actual) {
            case null -> Map.of(Kind.UNWRITTEN, Mixed.INSTANCE);
            case Num n ->
                Map.of(Kind.NUMBER, Numeric.of(Scalar.constant(n.value() + 1)), Kind.KIND, new Value.MapReference(0));
            case MapRef m -> Map.of(Kind.MAP, new Value.MapReference(m.map() + 1));
            case Ptr p ->
                Map.of(
                        Kind.OFFSET,
                        Pointer.at(region(p.memory()), Scalar.constant(p.offset() + 1)),
                        Kind.REGION,
                        Pointer.at(new Region.Stack(7), Scalar.ANY),
                        Kind.KIND,
                        Numeric.of(Scalar.ANY));
        };
    }

    private static Region region(MachineMemory memory) {
        int number = memory.number();
        return switch (memory.kind()) {
            case CONTEXT -> new Region.Context();
            case STACK -> new Region.Stack(number);
            case VALUE -> Region.MapValue.value(number, Fixture.MAPS.get(number));
            case RECORD -> new Region.ReservedRecord(Fixture.RING, "ring", memory.size(), number);
        };
    }

    /** Relations between two registers that are not there. */
    private static Map<Kind, Consumer<EbpfState>> relateRegisters(MachineState machine) {
        Map<Kind, Consumer<EbpfState>> changes = new EnumMap<>(Kind.class);
        for (Register a : Register.values()) {
            for (Register b : Register.values()) {
                MachineValue left = machine.register(a.number());
                MachineValue right = machine.register(b.number());
                if (a != b && left instanceof Num m && right instanceof Num n) {
                    changes.put(Kind.RELATED_NUMBERS, state -> {
                        state.set(a, new Numeric(Scalar.ANY, NAME, m.value()));
                        state.set(b, new Numeric(Scalar.ANY, NAME, n.value() + 1));
                    });
                }
                if (left instanceof Ptr p && right instanceof Ptr q && !p.equals(q)) {
                    changes.put(Kind.RELATED_POINTERS, state -> {
                        state.set(a, new Pointer(region(p.memory()), Scalar.ANY, true, NAME, 0, 0));
                        state.set(b, new Pointer(region(q.memory()), Scalar.ANY, true, NAME, 0, 0));
                    });
                }
            }
        }
        return changes;
    }

    /** Wrong things of a slot of the frame that runs. */
    private static Map<Kind, Consumer<EbpfState>> store(MachineState machine, int slot) {
        int depth = machine.depth();
        MachineMemory frame = machine.frame(depth);
        int at = slot * StackSlot.BYTES;
        Map<Kind, Consumer<EbpfState>> changes = new EnumMap<>(Kind.class);
        if (frame.pointer(at) != null) {
            changes.put(Kind.STORED_POINTER, write(depth, slot, Numeric.of(Scalar.ANY)));
        } else if (frame.readable(at, StackSlot.BYTES)) {
            long actual = frame.load(at, StackSlot.BYTES);
            changes.put(Kind.STORED_NUMBER, write(depth, slot, Numeric.of(Scalar.constant(actual - 1))));
            if (machine.register(0) instanceof Num n) {
                changes.put(Kind.RELATED_STORES, state -> {
                    state.set(Register.R0, new Numeric(Scalar.ANY, NAME, n.value()));
                    write(depth, slot, new Numeric(Scalar.ANY, NAME, actual - 1))
                            .accept(state);
                });
            }
        } else {
            changes.put(
                    Kind.UNWRITTEN_BYTES,
                    state -> state.setFrame(
                            depth, state.frame(depth).with(slot, StackSlot.EMPTY.writeUnknown(0, StackSlot.BYTES))));
        }
        return changes;
    }

    private static Consumer<EbpfState> write(int depth, int slot, Value value) {
        return state ->
                state.setFrame(depth, state.frame(depth).with(slot, StackSlot.EMPTY.write(0, StackSlot.BYTES, value)));
    }
}
