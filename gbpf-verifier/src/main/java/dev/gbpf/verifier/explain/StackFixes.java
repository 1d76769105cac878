package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.explain.AssemblyFixes.Spot;
import dev.gbpf.verifier.explain.Fixes.Case;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fixes of assembly that write to the stack. */
final class StackFixes {
    private final Case fault;
    private final AssemblyEdits edits;
    private final Spot at;

    StackFixes(Case fault, AssemblyEdits edits, Spot at) {
        this.fault = fault;
        this.edits = edits;
        this.at = at;
    }

    /** Zeros for the bytes that are not written. */
    @Nullable
    Fix fill() {
        if (!(fault.place() instanceof Place.OnStack hole)
                || hole.frame() != at.state().depth()) {
            return null;
        }
        int end = Math.min(0, hole.offset() + read(hole));
        List<String> statements = new ArrayList<>();
        int offset = hole.offset();
        while (offset < end) {
            int width = Long.BYTES;
            while (width > 1
                    && (offset % width != 0 || offset + width > end || !isFree(at.state(), hole, offset, width))) {
                width /= 2;
            }
            if (isFree(at.state(), hole, offset, width)) {
                statements.add("*(u" + 8 * width + " *)(r10 - " + -offset + ") = 0");
            }
            offset += width;
        }
        return edits.before(at.index(), "write them first", statements);
    }

    private static boolean isFree(EbpfState state, Place.OnStack hole, int offset, int width) {
        for (int i = offset; i < offset + width; i++) {
            if (!FaultPlace.isUnwritten(state, hole.frame(), i)) {
                return false;
            }
        }
        return true;
    }

    /** How many bytes are read from the first that is not written on, at most. */
    private int read(Place.OnStack hole) {
        Assertion assertion = fault.violation().fault() == null
                ? null
                : fault.violation().fault().assertion();
        return switch (assertion) {
            case Assertion.ValidAccess a
            when at.state().get(a.base()) instanceof Pointer p ->
                (int) (p.offset().wide().smax() + a.offset() + a.width().bytes() - hole.offset());
            case Assertion.ValidArgument a
            when at.state().get(a.register()) instanceof Pointer p ->
                (int) (p.offset().wide().smax() + argumentSize(a, at.state()) - hole.offset());
            case null, default -> 1;
        };
    }

    private long argumentSize(Assertion.ValidArgument a, EbpfState state) {
        MapDefinition map = map(a, state);
        return switch (a.helper().arguments().get(a.position()).kind()) {
            case MAP_KEY -> map == null ? 0 : map.keySize();
            case MAP_VALUE -> map == null ? 0 : map.valueSize();
            case MEMORY ->
                state.get(Register.of(a.position() + 2)) instanceof Numeric n
                        ? n.scalar().wide().smax()
                        : 0;
            case SCALAR, MAP, MEMORY_SIZE, MAP_VALUE_OUT, RECORD_SIZE, RECORD -> 0;
        };
    }

    private @Nullable MapDefinition map(Assertion.ValidArgument a, EbpfState state) {
        for (int k = 0; k < a.helper().arguments().size(); k++) {
            if (state.get(Register.of(k + 1)) instanceof Value.MapReference reference) {
                return fault.text().maps().get(reference.map());
            }
        }
        return null;
    }

    /** Stores a number and gives its address instead. */
    @Nullable
    Fix store(Assertion.ValidArgument a) {
        Register register = a.register();
        long size = argumentSize(a, at.state());
        int lowest = edits.lowestUsed();
        long slot = lowest - Math.max(size, 1) & -Long.BYTES;
        boolean isWidth = size == 1 || size == 2 || size == 4 || size == 8;
        if (!(at.state().get(register) instanceof Numeric) || !isWidth || slot < -Region.Stack.SIZE) {
            return null;
        }
        return edits.before(
                at.index(),
                "the helper takes its address: store it",
                List.of(
                        "*(u" + 8 * size + " *)(r10 - " + -slot + ") = " + register,
                        register + " = r10",
                        register + " += -" + -slot));
    }
}
