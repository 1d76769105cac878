package dev.gbpf.cuda.bench;

import dev.gbpf.abi.Hook;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.DeviceProgram;
import dev.gbpf.cuda.table.FaultKind;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.law.TestedPolicy;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The policies of a soak: sound ones that let each task run in the end, and broken ones that no verifier would let pass. */
final class SoakPolicies {
    /** The built-in fair policy. */
    static final DevicePolicy FAIR = DevicePolicy.FAIR;

    private static final int VERSIONS = 3;

    /** What it skips depends on a count: a GPU's clock moves in steps of 32 ns, so that its low bits never differ. */
    private static final String COUNTING = """
            policy soak;
            map asked: array<u64>[64];
            hook cta_admit(ctx) {
                asked[ctx.tenant] += 1;
                if (asked[ctx.tenant] ^ VERSION) & 7 == 0 { return SKIP; }
                return START;
            }
            hook sm_tick(ctx) { ctx.share = VERSION + 1; return REFILL; }
            """;

    private static final String TICKING = """
            policy soak_ticks;
            map ticks: percpu_array<u64>[64];
            hook sm_tick(ctx) { ticks[ctx.tenant] += 1; ctx.share = 1 + ctx.tenant; return REFILL; }
            """;
    private static final String LOOPING = """
            policy soak_loops;
            hook cta_admit(ctx) {
                var sum = 0;
                for i in 0..20 { sum += ctx.tag ^ i; }
                if sum == 3 { return SKIP; }
                return START;
            }
            hook sm_tick(ctx) {
                var sum = 0;
                for i in 0..20 { sum += ctx.now_ns ^ i; }
                ctx.share = 1 + (sum & 3);
                return REFILL;
            }
            """;

    /** The first has no programs. */
    private final List<DevicePolicy> sound = new ArrayList<>();

    private final List<Broken> broken = new ArrayList<>();

    /**
     * A policy that the device must eject.
     *
     * @param kind why
     * @param hook whose program faults
     */
    record Broken(DevicePolicy policy, FaultKind kind, Hook hook) {}

    SoakPolicies() {
        sound.add(FAIR);
        for (int version = 0; version < VERSIONS; version++) {
            sound.add(compile(COUNTING.replace("VERSION", Integer.toString(version))));
        }
        sound.add(compile(TICKING));
        DevicePolicy loops = compile(LOOPING);
        sound.add(loops);
        Program unknownHelper = new Program(List.of(new Instruction.CallHelper(9_999), new Instruction.Exit()));
        Program recursion = new Program(List.of(new Instruction.CallLocal(-1), new Instruction.Exit()));
        for (Hook hook : List.of(Hook.CTA_ADMIT, Hook.SM_TICK)) {
            Program turns = loops.program(hook).orElseThrow().program();
            broken.add(broken("soak_overrun", FaultKind.OVERRUN, hook, turns, 3));
            broken.add(broken("soak_helper", FaultKind.HELPER, hook, unknownHelper, 100));
            broken.add(broken("soak_depth", FaultKind.DEPTH, hook, recursion, 100));
        }
    }

    private static Broken broken(String name, FaultKind kind, Hook hook, Program program, int jumps) {
        return new Broken(
                new DevicePolicy(name, List.of(new DeviceProgram(hook, program, jumps)), List.of()), kind, hook);
    }

    private static DevicePolicy compile(String source) {
        PolicyObject object =
                TestedPolicy.of(new SourceFile("soak.gbpf", source)).object();
        return switch (new Verifier().verify(object)) {
            case VerificationResult.Accepted accepted -> DevicePolicy.of(object, accepted);
            case VerificationResult.Rejected rejected ->
                throw new IllegalStateException(object.name() + ": " + rejected);
        };
    }

    DevicePolicy sound(SplittableRandom random) {
        return sound.get(random.nextInt(sound.size()));
    }

    /** One that sets shares. */
    DevicePolicy ticking() {
        return sound.get(VERSIONS + 1);
    }

    /** One that can become machine code. */
    DevicePolicy withPrograms(SplittableRandom random) {
        return sound.get(1 + random.nextInt(sound.size() - 1));
    }

    Broken broken(SplittableRandom random) {
        return broken.get(random.nextInt(broken.size()));
    }
}
