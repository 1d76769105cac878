package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.Code;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.MachineValue.MapRef;
import dev.gbpf.verifier.analysis.MachineValue.Num;
import dev.gbpf.verifier.analysis.MachineValue.Ptr;
import dev.gbpf.verifier.cfg.CallContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random programs: whatever is accepted runs without a fault, within its certificate, and each concrete value at each
 * instruction is one that the state found there stands for. {@code -Dgbpf.long=true} tries a million programs;
 * {@code -Dgbpf.soundness.programs}, {@code .runs} and {@code .seed} say how many, how often each runs, and from where on.
 */
class SoundnessTest {
    private static final int RUNS = Integer.getInteger("gbpf.soundness.runs", 6);
    private static final long SEED = Long.getLong("gbpf.soundness.seed", 20261121);

    /** Programs of one batch and how many of them were accepted. */
    private record Batch(int programs, int accepted) {}

    @Test
    void randomPrograms_thatAreAccepted_keepEveryPromise() {
        int programs = Integer.getInteger("gbpf.soundness.programs", Boolean.getBoolean("gbpf.long") ? 1_000_000 : 400);
        Batch batch = tryPrograms(SEED, programs);
        System.out.printf(
                "soundness: seed %d, %,d programs, %,d accepted, %,d executions%n",
                SEED, batch.programs, batch.accepted, (long) batch.accepted * RUNS);
        assertThat(batch.accepted * 100L / batch.programs)
                .as("accepted %d of %d programs, in percent", batch.accepted, batch.programs)
                .isGreaterThan(20);
    }

    @Property(tries = 80, shrinking = ShrinkingMode.OFF)
    void anySeed_acceptedProgram_keepsEveryPromise(@ForAll long seed) {
        boolean accepted = tryProgram(seed);
        Statistics.label("accepted").collect(accepted);
    }

    private static Batch tryPrograms(long seed, int programs) {
        int accepted = 0;
        for (int i = 0; i < programs; i++) {
            if (tryProgram(seed + i)) {
                accepted++;
            }
        }
        return new Batch(programs, accepted);
    }

    private record Point(CallContext context, int index) {}

    /** The states that were found; an execution must be in one of those of a point. */
    private static final class States implements StateObserver {
        private final Map<Point, List<EbpfState>> found = new HashMap<>();

        @Override
        public void observe(CallContext context, int index, EbpfState state) {
            found.computeIfAbsent(new Point(context, index), p -> new ArrayList<>())
                    .add(state.copy());
        }

        void check(Point point, CheckedMachine machine, int index) {
            List<EbpfState> states = found.getOrDefault(point, List.of());
            AssertionError last = new AssertionError("index " + index + " is reached, but was found unreachable");
            for (EbpfState state : states) {
                try {
                    checkState(state, machine, index);
                    return;
                } catch (AssertionError e) {
                    last = e;
                }
            }
            throw last;
        }
    }

    /** Whether the program of this seed is accepted; if so it is run. */
    private static boolean tryProgram(long seed) {
        Random random = new Random(seed);
        List<Code.Line> lines = RandomCode.generate(random);
        Program written = Code.assemble(lines).program();
        Program program = random.nextInt(3) == 0 ? Mutation.of(written, random) : written;
        AnalysisResult result = ProgramAnalysis.analyse(program, Fixture.ANY_VERDICT, Fixture.MAPS, 2_000_000);
        if (!result.isAccepted()) {
            assertThat(result.violations())
                    .as("seed %d", seed)
                    .noneMatch(v -> v.code() == dev.gbpf.verifier.assertion.RejectionCode.UNCONFIRMED);
            return false;
        }
        States states = new States();
        Objects.requireNonNull(result.states()).observe(states);
        for (int run = 0; run < RUNS; run++) {
            run(seed, program, result, states, random);
        }
        return true;
    }

    private static void run(long seed, Program program, AnalysisResult result, States states, Random random) {
        CheckedMachine machine = new CheckedMachine(program, Fixture.ANY_VERDICT, Fixture.MAPS, random);
        try {
            machine.run(
                    result.instructions(), (context, index, m) -> states.check(new Point(context, index), m, index));
            assertThat(machine.helperCalls).isLessThanOrEqualTo(result.helperCalls());
        } catch (CheckedMachine.Fault | AssertionError e) {
            StringBuilder text = new StringBuilder("seed " + seed + ": " + e.getMessage() + "\n");
            for (int i = 0; i < program.size(); i++) {
                text.append(i)
                        .append(": ")
                        .append(Disassembler.text(program.get(i)))
                        .append('\n');
            }
            throw new AssertionError(text.toString(), e);
        }
    }

    private static void checkState(EbpfState state, CheckedMachine machine, int index) {
        if (state.depth() != machine.depth()) {
            throw new AssertionError("depth " + machine.depth() + " at index " + index);
        }
        for (MachineMemory record : machine.held) {
            if (!state.references().contains(record.number)) {
                throw new AssertionError("the record of " + record.number + " is not known at index " + index);
            }
        }
        Relations relations = new Relations();
        for (int r = 0; r < Register.COUNT; r++) {
            checkValue("r" + r + " at index " + index, state.get(Register.of(r)), machine.register(r), relations);
        }
        for (int frame = 0; frame <= machine.depth(); frame++) {
            StackFrame found = state.frame(frame);
            MachineMemory memory = machine.frame(frame);
            for (int slot = 0; slot < StackFrame.SLOTS; slot++) {
                checkSlot(
                        "slot " + slot + " of frame " + frame + " at index " + index,
                        found.slot(slot),
                        memory,
                        slot,
                        relations);
            }
        }
    }

    private static void checkSlot(String place, StackSlot slot, MachineMemory memory, int number, Relations relations) {
        int base = number * StackSlot.BYTES;
        for (int i = 0; i < StackSlot.BYTES; i++) {
            if (slot.isReadable(i, 1) && !memory.written[base + i]) {
                throw new AssertionError(place + ": byte " + i + " is not written, state " + slot);
            }
        }
        for (StackSlot.Cell cell : slot.cells()) {
            MachineValue pointer = memory.pointers.get(base);
            MachineValue value = pointer != null
                    ? pointer
                    : memory.readable(base + cell.at(), cell.width())
                            ? new Num(memory.load(base + cell.at(), cell.width()))
                            : null;
            checkValue(place, cell.value(), value, relations);
        }
    }

    private static void checkValue(String place, Value found, @Nullable MachineValue actual, Relations relations) {
        boolean holds = switch (found) {
            case Value.Uninitialised u -> true;
            case Value.Mixed m -> actual != null;
            case Value.Numeric n -> actual instanceof Num a && n.scalar().contains(a.value());
            case Value.MapReference m -> actual instanceof MapRef a && a.map() == m.map();
            case Value.Pointer p -> pointsAsFound(p, actual);
        };
        if (!holds) {
            throw new AssertionError(place + ": " + actual + " is not " + found);
        }
        switch (found) {
            case Value.Numeric n
            when n.symbol() != 0 && actual instanceof Num a ->
                relations.number(place, n.symbol(), a.value() - n.delta());
            case Value.Pointer p -> {
                if (p.identity() != 0 && p.maybeNull() && actual != null) {
                    relations.equal(place, p.identity(), actual);
                }
                if (p.symbol() != 0 && actual instanceof Ptr a) {
                    relations.number(place, p.symbol(), a.offset() - p.delta());
                }
            }
            default -> {}
        }
    }

    /** What symbols and identities of one state stand for in one execution. */
    private static final class Relations {
        private final Map<Integer, MachineValue> identities = new HashMap<>();
        private final Map<Integer, Long> symbols = new HashMap<>();

        void equal(String place, int identity, MachineValue actual) {
            MachineValue other = identities.putIfAbsent(identity, actual);
            if (other != null && !other.equals(actual)) {
                throw new AssertionError(place + ": " + actual + " is not the same as " + other + ", as found");
            }
        }

        void number(String place, int symbol, long actual) {
            Long other = symbols.putIfAbsent(symbol, actual);
            if (other != null && other != actual) {
                throw new AssertionError(place + ": the symbol is " + actual + " here and " + other + " elsewhere");
            }
        }
    }

    private static boolean pointsAsFound(Value.Pointer p, @Nullable MachineValue actual) {
        if (actual instanceof Num n) {
            return p.maybeNull() && n.value() == 0;
        }
        if (!(actual instanceof Ptr a) || !p.offset().contains(a.offset())) {
            return false;
        }
        return switch (p.region()) {
            case Region.Context c -> a.memory().kind == MachineMemory.Kind.CONTEXT;
            case Region.Stack s -> a.memory().kind == MachineMemory.Kind.STACK && a.memory().number == s.frame();
            case Region.MapValue v -> a.memory().kind == MachineMemory.Kind.VALUE && a.memory().number == v.map();
            case Region.ReservedRecord r ->
                a.memory().kind == MachineMemory.Kind.RECORD
                        && a.memory().number == r.site()
                        && a.memory().bytes.length == r.size();
            case Region.RawMemory m -> false;
        };
    }
}
