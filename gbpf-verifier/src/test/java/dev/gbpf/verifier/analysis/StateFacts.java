package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Fact.InRegister;
import dev.gbpf.verifier.analysis.Fact.OnStack;
import dev.gbpf.verifier.analysis.Fact.Place;
import dev.gbpf.verifier.testkit.MachineMemory;
import dev.gbpf.verifier.testkit.MachineState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that one state says of registers, stack frames, records and relations, as a list to be gone through for concrete states.
 *
 * <p>Most of what is said before an instruction was said before the one that precedes it, of places that this one leaves alone. If that
 * state held there, only the rest has to be looked at: places that the instruction writes, places of which something else is said now,
 * and all places that are related to these.
 */
final class StateFacts {
    private final int depth;
    private final References references;
    private final Fact[] facts;
    /** Those that do not follow when the state before the instruction that precedes held; null where all have to be looked at. */
    private final Fact @Nullable [] news;

    private final int identities;
    private final int symbols;

    private StateFacts(EbpfState state, Said said, Fact @Nullable [] news) {
        this.depth = state.depth();
        this.references = state.references();
        this.facts = said.facts.toArray(Fact[]::new);
        this.identities = said.identities.count();
        this.symbols = said.symbols.count();
        this.news = news;
    }

    /** Makes the facts of the states before the instructions of one block after the other. */
    static final class Maker {
        private @Nullable Said previous;

        /**
         * What a state says; it may change afterwards.
         *
         * @param executed the instruction that precedes, when the state was made from the one of the last call by it alone
         */
        StateFacts next(EbpfState state, @Nullable Instruction executed) {
            Said said = new Said(state);
            Said before = previous;
            previous = said;
            return new StateFacts(
                    state,
                    said,
                    executed != null && before != null && changesLittle(executed)
                            ? said.since(before, executed)
                            : null);
        }
    }

    /** Whether an instruction is one of those that change one register and the stack at most. */
    private static boolean changesLittle(Instruction executed) {
        return writtenRegister(executed) >= 0 || executed instanceof Instruction.Store;
    }

    private static int writtenRegister(Instruction executed) {
        return switch (executed) {
            case Instruction.Alu i -> i.dst().number();
            case Instruction.Mov i -> i.dst().number();
            case Instruction.Neg i -> i.dst().number();
            case Instruction.ByteSwap i -> i.dst().number();
            case Instruction.LoadImm64 i -> i.dst().number();
            case Instruction.LoadPseudo i -> i.dst().number();
            case Instruction.Load i -> i.dst().number();
            default -> -1;
        };
    }

    /** Whether all of it is so. */
    boolean hold(MachineState machine, Relations relations) {
        if (machine.depth() != depth || unknownRecord(machine) != null) {
            return false;
        }
        return hold(facts, machine, relations);
    }

    /** Whether all of it is so, given that the state before the instruction that precedes held, and that nothing else was executed. */
    boolean stillHold(MachineState machine, Relations relations) {
        return news == null ? hold(machine, relations) : hold(news, machine, relations);
    }

    private boolean hold(Fact[] some, MachineState machine, Relations relations) {
        relations.start(identities, symbols);
        for (Fact fact : some) {
            if (!fact.holds(machine, relations)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable MachineMemory unknownRecord(MachineState machine) {
        for (MachineMemory held : machine.held()) {
            if (!references.contains(held.number())) {
                return held;
            }
        }
        return null;
    }

    /** Which of it is not so. */
    String failure(MachineState machine) {
        if (machine.depth() != depth) {
            return "depth " + machine.depth() + " is not " + depth;
        }
        MachineMemory record = unknownRecord(machine);
        if (record != null) {
            return "the record of " + record.number() + " is not known";
        }
        Relations relations = new Relations();
        relations.start(identities, symbols);
        for (Fact fact : facts) {
            if (!fact.holds(machine, relations)) {
                return fact.actual(machine);
            }
        }
        return "nothing";
    }

    /** Small numbers for the names that more than one place has: only those say something. */
    private static final class Names {
        private final Map<Integer, Integer> uses = new HashMap<>();
        private final Map<Integer, Integer> numbers = new HashMap<>();

        void use(int name) {
            if (name != 0) {
                uses.merge(name, 1, Integer::sum);
            }
        }

        int number(int name) {
            return uses.getOrDefault(name, 0) < 2 ? -1 : numbers.computeIfAbsent(name, n -> numbers.size());
        }

        int count() {
            return numbers.size();
        }
    }

    /** What is said of each place, and the facts made of it. */
    private static final class Said {
        final List<Fact> facts = new ArrayList<>();
        final Names identities = new Names();
        final Names symbols = new Names();
        private final Map<Place, Value> values = new LinkedHashMap<>();

        Said(EbpfState state) {
            for (int r = 0; r < Register.COUNT; r++) {
                add(new InRegister(r), state.get(Register.of(r)));
            }
            for (int frame = 0; frame <= state.depth(); frame++) {
                for (int slot = 0; slot < StackFrame.SLOTS; slot++) {
                    add(frame, slot, state.frame(frame).slot(slot));
                }
            }
            values.forEach((place, value) -> facts.add(fact(place, value)));
        }

        private void add(int frame, int slot, StackSlot found) {
            int readable = 0;
            for (int i = 0; i < StackSlot.BYTES; i++) {
                readable |= found.isReadable(i, 1) ? 1 << i : 0;
            }
            if (readable != 0) {
                facts.add(new Fact.WrittenBytes(frame, slot, readable));
            }
            for (StackSlot.Cell cell : found.cells()) {
                add(new OnStack(frame, slot * StackSlot.BYTES + cell.at(), cell.width()), cell.value());
            }
        }

        private void add(Place place, Value value) {
            if (value instanceof Value.Uninitialised) {
                return;
            }
            values.put(place, value);
            symbols.use(symbol(value));
            identities.use(identity(value));
        }

        private static int symbol(Value value) {
            return switch (value) {
                case Value.Numeric n -> n.symbol();
                case Value.Pointer p -> p.symbol();
                default -> 0;
            };
        }

        private static int identity(Value value) {
            return value instanceof Value.Pointer p && p.maybeNull() ? p.identity() : 0;
        }

        private Fact fact(Place place, Value value) {
            return switch (value) {
                case Value.Numeric n ->
                    new Fact.NumberAt(place, new FlatNumber(n.scalar()), symbols.number(n.symbol()), n.delta(), n);
                case Value.Pointer p ->
                    new Fact.PointerAt(
                            place,
                            p,
                            new FlatNumber(p.offset()),
                            identities.number(identity(p)),
                            symbols.number(p.symbol()));
                case Value.MapReference m -> new Fact.MapAt(place, m.map());
                case Value.Mixed m -> new Fact.WrittenAt(place);
                case Value.Uninitialised u -> throw new IllegalStateException(place + " has no fact");
            };
        }

        /** The facts that do not follow from what was said before one instruction. */
        Fact[] since(Said before, Instruction executed) {
            int written = writtenRegister(executed);
            boolean onStack = executed instanceof Instruction.Store;
            Set<Integer> touchedSymbols = new HashSet<>();
            Set<Integer> touchedIdentities = new HashSet<>();
            Set<Place> touched = new HashSet<>();
            values.forEach((place, value) -> {
                boolean isWritten = place instanceof InRegister(int number) ? number == written : onStack;
                if (isWritten || !value.equals(before.values.get(place))) {
                    touched.add(place);
                    touchedSymbols.add(symbol(value));
                    touchedIdentities.add(identity(value));
                }
            });
            touchedSymbols.remove(0);
            touchedIdentities.remove(0);
            Set<Fact> known = new HashSet<>(before.facts);
            return facts.stream()
                    .filter(fact -> switch (fact) {
                        case Fact.WrittenBytes b -> onStack || !known.contains(b);
                        case Fact.Placed p -> {
                            Value value = Objects.requireNonNull(values.get(p.place()));
                            yield touched.contains(p.place())
                                    || touchedSymbols.contains(symbol(value))
                                    || touchedIdentities.contains(identity(value));
                        }
                    })
                    .toArray(Fact[]::new);
        }
    }
}
