package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.lanes.Reached;
import dev.gbpf.verifier.lanes.ReachedMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The memory that the instructions of an accepted program reach, from the states that were found. */
final class ReachedTable implements ReachedMemory {
    /** The memory of an entry, about. */
    private static final int BYTES = 160;

    private final Fixpoint fixpoint;
    private final List<MapDefinition> maps;
    private final Map<Place, Set<Reached>> table = new HashMap<>();

    private record Place(int block, int index, Register pointer) {}

    ReachedTable(Fixpoint fixpoint, List<MapDefinition> maps) {
        this.fixpoint = fixpoint;
        this.maps = maps;
        for (int i = 0; i < fixpoint.order().size(); i++) {
            int block = fixpoint.order().block(i);
            DisjunctiveState before = fixpoint.states().before(block);
            if (before != null) {
                before.disjuncts().forEach(state -> block(fixpoint.graph().block(block), state.copy()));
            }
        }
    }

    @Override
    public List<Reached> through(int block, int index, Register pointer) {
        return new ArrayList<>(table.getOrDefault(new Place(block, index, pointer), Set.of()));
    }

    /** Shows each piece of a stack that an instruction reaches, with the number of the block and the instruction's index. */
    void forEachStack(BiConsumer<Integer, Stacked> consumer) {
        table.forEach((place, reached) -> reached.forEach(r -> {
            if (r instanceof Reached.Stack stack) {
                consumer.accept(place.block, new Stacked(place.index, stack));
            }
        }));
    }

    /** A piece of a stack that the instruction at an index reaches. */
    record Stacked(int index, Reached.Stack bytes) {}

    private void block(BasicBlock block, EbpfState state) {
        fixpoint.meter().charge(block.length(), block.first());
        for (int index = block.first(); index <= block.last(); index++) {
            Instruction instruction = fixpoint.graph().program().get(index);
            switch (instruction) {
                case Instruction.Load i ->
                    add(block, index, state, i.base(), i.offset(), i.width().bytes());
                case Instruction.Store i ->
                    add(block, index, state, i.base(), i.offset(), i.width().bytes());
                case Instruction.Atomic i -> add(block, index, state, i.base(), i.offset(), i.is64() ? 8 : 4);
                case Instruction.CallHelper i ->
                    arguments(block, index, state, Helper.byId(i.id()).orElseThrow());
                default -> {}
            }
            fixpoint.transformer().apply(state, instruction, index);
        }
    }

    private void arguments(BasicBlock block, int index, EbpfState state, Helper helper) {
        for (int k = 0; k < helper.arguments().size(); k++) {
            ArgumentKind kind = helper.arguments().get(k).kind();
            switch (kind) {
                case MAP_KEY, MAP_VALUE, MAP_VALUE_OUT, MEMORY ->
                    add(block, index, state, Register.of(k + 1), 0, size(state, helper, kind, k));
                case SCALAR, MAP, MEMORY_SIZE, RECORD_SIZE, RECORD -> {}
            }
        }
    }

    private int size(EbpfState state, Helper helper, ArgumentKind kind, int position) {
        if (kind == ArgumentKind.MEMORY) {
            return state.get(Register.of(position + 2)) instanceof Numeric n
                    ? (int) n.scalar().wide().umax()
                    : 0;
        }
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (state.get(Register.of(k + 1)) instanceof MapReference reference) {
                MapDefinition map = maps.get(reference.map());
                return kind == ArgumentKind.MAP_KEY ? map.keySize() : map.valueSize();
            }
        }
        return 0;
    }

    private void add(BasicBlock block, int index, EbpfState state, Register base, int offset, int width) {
        if (!(state.get(base) instanceof Pointer pointer)) {
            return;
        }
        Set<Reached> reached = table.computeIfAbsent(new Place(block.id(), index, base), p -> new LinkedHashSet<>());
        int known = reached.size();
        switch (pointer.region()) {
            case Region.Context _ ->
                reached.add(new Reached.Field((int) pointer.offset().wide().umin() + offset));
            case Region.Stack stack -> {
                StackAccess access = StackAccess.of(pointer, offset, width);
                if (access != null) {
                    reached.add(new Reached.Stack(stack.frame(), access.position(), access.size(), access.isExact()));
                }
            }
            case Region.MapValue _, Region.RawMemory _, Region.ReservedRecord _ -> reached.add(new Reached.MapMemory());
        }
        fixpoint.meter().hold((long) BYTES * (reached.size() - known));
    }
}
