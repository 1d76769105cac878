package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.abi.LaneModel;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.lanes.Divergence;
import dev.gbpf.verifier.limit.AnalysisLimits;
import dev.gbpf.verifier.limit.Cancellation;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Random programs on 32 lanes with different inputs: where the verifier says that lanes stay together, they do.
 * {@code -Dgbpf.long=true} tries a hundred thousand.
 */
class WarpTest {
    private static final int LANES = 32;
    private static final int RUNS = 2;
    private static final int PROGRAMS = Boolean.getBoolean("gbpf.long") ? 100_000 : 250;

    /** What was seen at branches that several lanes came to together. */
    private static final class Seen {
        int programs;
        int together;
        int apart;
    }

    @Test
    void randomPrograms_onALotOfLanes_partOnlyWhereFound() {
        Seen seen = new Seen();
        for (int i = 0; i < PROGRAMS; i++) {
            tryProgram(20261126L + i, seen);
        }
        assertThat(seen.programs).isGreaterThan(PROGRAMS / 5);
        assertThat(seen.apart).as("branches where lanes parted").isGreaterThan(PROGRAMS / 5);
        assertThat(seen.together)
                .as("branches where they were found to stay together")
                .isGreaterThan(PROGRAMS / 5);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void anySeed_onALotOfLanes_partsOnlyWhereFound(@ForAll long seed) {
        tryProgram(seed, new Seen());
    }

    /** The fixture's hook, on a device: some of its fields are each lane's own. */
    private static ProgramType type(Random random) {
        List<ContextField> fields = new ArrayList<>();
        for (ContextField f : Fixture.CONTEXT.fields()) {
            boolean perLane = f.writable() || random.nextInt(3) == 0;
            fields.add(new ContextField(
                    f.name(), f.offset(), f.width(), f.writable(), f.min(), f.max(), perLane, f.doc()));
        }
        return new ProgramType(
                        "warp",
                        null,
                        new ContextModel.Fields(new ContextLayout("warp_ctx", fields, Fixture.CONTEXT.size())),
                        new VerdictSpec(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), 0, "0"),
                        Fixture.BUDGET,
                        Fixture.TYPE.helpers())
                .onDevice(new DeviceProfile(LaneModel.RUN_PER_LANE, false, true, 4096));
    }

    private static void tryProgram(long seed, Seen seen) {
        Random random = new Random(seed);
        Program program = RandomCode.generateForDevice(random);
        ProgramType type = type(random);
        AnalysisResult result = new Verifier().analyse(program, type, Fixture.MAPS);
        if (!result.isAccepted()) {
            return;
        }
        seen.programs++;
        Set<Integer> parting =
                result.divergences().stream().map(Divergence::index).collect(Collectors.toSet());
        ControlFlowGraph graph =
                ControlFlowGraph.build(program, ResourceMeter.start(AnalysisLimits.DEFAULT, Cancellation.NEVER));
        ContextLayout layout = ((ContextModel.Fields) type.context()).layout();
        for (int run = 0; run < RUNS; run++) {
            RandomInputs inputs = new RandomInputs(program, random);
            WarpMachine.Watcher watcher = (index, part) -> {
                seen.apart += part ? 1 : 0;
                seen.together += parting.contains(index) ? 0 : 1;
                if (part && !parting.contains(index)) {
                    throw new AssertionError("lanes part at index " + index);
                }
            };
            try {
                new WarpMachine(program, Fixture.MAPS, graph, inputs, contexts(layout, inputs), watcher).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e + "\n" + text(program, layout), e);
            }
        }
    }

    /** Contexts that differ in the lanes' own fields only. */
    private static List<byte[]> contexts(ContextLayout layout, RandomInputs inputs) {
        byte[] common = inputs.context(layout);
        List<byte[]> contexts = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            byte[] context = inputs.context(layout);
            for (ContextField field : layout.fields()) {
                if (!field.perLane()) {
                    System.arraycopy(
                            common,
                            field.offset(),
                            context,
                            field.offset(),
                            field.width().bytes());
                }
            }
            contexts.add(context);
        }
        return contexts;
    }

    private static String text(Program program, ContextLayout layout) {
        StringBuilder text = new StringBuilder("own fields: "
                + layout.fields().stream()
                        .filter(ContextField::perLane)
                        .map(ContextField::name)
                        .toList() + "\n");
        for (int i = 0; i < program.size(); i++) {
            text.append(i)
                    .append(": ")
                    .append(Disassembler.text(program.get(i)))
                    .append('\n');
        }
        return text.toString();
    }
}
