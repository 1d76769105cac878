package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.isa.AluOp;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.assertion.Violation.Reason;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.domain.Word;
import dev.gbpf.verifier.lanes.Divergence;
import dev.gbpf.verifier.lanes.LaneAnalysis;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a device asks of a program besides safety: room on the stack, and lanes that stay together where the hook demands it. */
final class DeviceRules {
    private static final int MAX_VIOLATIONS = 20;

    private final Fixpoint fixpoint;
    private final ProgramType type;
    private final List<MapDefinition> maps;
    private List<Divergence> divergences = List.of();

    DeviceRules(Fixpoint fixpoint, ProgramType type, List<MapDefinition> maps) {
        this.fixpoint = fixpoint;
        this.type = type;
        this.maps = maps;
    }

    /** What a program that is safe, ends and fits its budget breaks; nothing for one that a host runs. */
    List<Violation> check() {
        DeviceProfile device = type.device();
        if (device == null) {
            return List.of();
        }
        ReachedTable reached = new ReachedTable(fixpoint, maps);
        List<Violation> violations = new ArrayList<>();
        stack(device, reached, violations);
        if (device.perLane() && type.context() instanceof ContextModel.Fields(var layout)) {
            divergences = LaneAnalysis.divergences(
                    fixpoint.graph(),
                    fixpoint.order(),
                    edge -> fixpoint.states().onEdge(edge) != null,
                    layout,
                    reached,
                    fixpoint.meter());
            if (device.uniformFlow()) {
                divergences.stream()
                        .filter(Divergence::isFirst)
                        .limit(MAX_VIOLATIONS)
                        .forEach(d -> violations.add(divergent(d)));
            }
        }
        return violations;
    }

    /** Where lanes may part; known after the check. */
    List<Divergence> divergences() {
        return divergences;
    }

    private Violation divergent(Divergence d) {
        return new Violation(
                        RejectionCode.DIVERGENT_BRANCH,
                        d.index(),
                        "all lanes of a warp go the same way",
                        d.operand() + " depends on the lane",
                        "operands that are the same in all lanes")
                .because(d.operand().toString(), d.reasons());
    }

    /** The frames of each chain of calls, as far down as an instruction reaches, rounded up to whole slots. */
    private void stack(DeviceProfile device, ReachedTable reached, List<Violation> violations) {
        Map<CallContext, Deepest> deepest = new HashMap<>();
        reached.forEachStack((block, piece) -> {
            CallContext owner = fixpoint.graph().block(block).context();
            while (owner.depth() > piece.bytes().frame() && owner.caller() != null) {
                owner = owner.caller();
            }
            int bytes = (Region.Stack.SIZE - piece.bytes().position() + StackSlot.BYTES - 1)
                    / StackSlot.BYTES
                    * StackSlot.BYTES;
            deepest.merge(owner, new Deepest(bytes, piece.index()), Deepest::deeper);
        });
        CallContext greatest = null;
        int most = 0;
        for (CallContext context : deepest.keySet()) {
            int total = 0;
            for (CallContext c = context; c != null; c = c.caller()) {
                total += deepest.getOrDefault(c, Deepest.NOTHING).bytes;
            }
            if (total > most) {
                most = total;
                greatest = context;
            }
        }
        if (greatest != null && most > device.stackBytes()) {
            violations.add(new Violation(
                            RejectionCode.DEVICE_STACK,
                            deepest.getOrDefault(greatest, Deepest.NOTHING).index,
                            "the frames that are live here fit the device's stack",
                            "they take " + most + " bytes",
                            "at most " + device.stackBytes() + " bytes")
                    .because("the stack", frames(greatest, deepest)));
        }
    }

    /** What each frame of a chain of calls adds, the innermost first. */
    private static List<Reason> frames(CallContext innermost, Map<CallContext, Deepest> deepest) {
        List<Reason> frames = new ArrayList<>();
        for (CallContext c = innermost; c != null; c = c.caller()) {
            Deepest used = deepest.getOrDefault(c, Deepest.NOTHING);
            if (used.bytes > 0) {
                String whose = c.caller() == null ? "the program" : "the function called here";
                int at = c.caller() == null ? used.index : c.callIndex();
                frames.add(new Reason(at, whose + " uses " + used.bytes + " bytes of its frame"));
            }
        }
        return frames;
    }

    /** How many bytes of a frame are used, and the first instruction that reaches the last of them. */
    private record Deepest(int bytes, int index) {
        static final Deepest NOTHING = new Deepest(0, 0);

        Deepest deeper(Deepest other) {
            if (bytes == other.bytes) {
                return index <= other.index ? this : other;
            }
            return bytes > other.bytes ? this : other;
        }
    }

    /** Decides whether both operands of a division fit 32 bits; pointers are reported as such. */
    static @Nullable Violation division(Assertion.NarrowDivision a, EbpfState state, int index) {
        boolean signed = a.op() == AluOp.SDIV || a.op() == AluOp.SMOD;
        if (!(state.get(a.dst()) instanceof Numeric dividend)
                || !(EbpfTransformer.operand(state, a.src()) instanceof Numeric divisor)
                || (isNarrow(dividend.scalar().wide(), signed)
                        && isNarrow(divisor.scalar().wide(), signed))) {
            return null;
        }
        return EbpfChecker.violation(
                RejectionCode.WIDE_DIVISION,
                index,
                a,
                EbpfChecker.known(a.dst(), dividend) + "; the divisor is " + divisor,
                signed ? "numbers from -2^31 + 1 to 2^31 - 1" : "numbers from 0 to 2^32 - 1");
    }

    /** The least 32-bit number is not one: divided by -1 it would not fit. */
    private static boolean isNarrow(Word word, boolean signed) {
        return signed
                ? -Integer.MAX_VALUE <= word.smin() && word.smax() <= Integer.MAX_VALUE
                : Long.compareUnsigned(word.umax(), 0xFFFF_FFFFL) <= 0;
    }
}
