package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.policytest.PolicyTestRunner;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapMode.AtEnd;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import dev.gbpf.object.PolicyObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A new version takes over the contents of maps whose definition changed. */
class MigrationTest {
    private static final PolicyObject FIRST = compiled("""
            policy p;
            map used: hash<u32, u64>[8];
            """);

    private static final String SECOND = """
            policy p;
            struct Use { time: u64, jobs: u32 }
            map used: hash<u32, Use>[64];
            map old_used: hash<u32, u64>[8];
            hook migrate(ctx) {
                for tenant, time in old_used {
                    used[tenant] = Use { time: time / 2, jobs: ctx.old_maps } else { return 7; }
                    time = 0;
                }
            }
            hook init(ctx) {
                if let use = used[3] { log(1, use.time); }
            }
            test "each entry is halved" {
                given old_used[3] = 10;
                migrate { old_maps: 1 };
                expect used[3].time == 5;
                expect used[3].jobs == 1;
            }
            """;

    private final MapRegistry maps = new MapRegistry();
    private final PlaneAudit audit = new PlaneAudit();
    private final PolicyPlane plane = new PolicyPlane(
            new PlaneConfig(List.of(new Tenant(0, "a", 1, 0)), 1, 1_000_000), new ManualDevice(1, 100), () -> 0, audit);

    @AfterEach
    void close() {
        plane.close();
        maps.close();
    }

    private static PolicyObject compiled(String source) {
        CompileResult compiled = PolicyCompiler.compile(new SourceFile("p.gbpf", source));
        assertThat(compiled).isInstanceOf(CompileResult.Compiled.class);
        return ((CompileResult.Compiled) compiled).object();
    }

    private SwapOutcome swap(PolicyObject object, SwapMode mode, boolean drop) {
        LoadResult loaded =
                new ImageLoader(maps).load(object, mode instanceof SwapMode.Trial ? MapUse.COPIED : MapUse.SHARED);
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        PolicyImage image = ((LoadResult.Loaded) loaded).image();
        SwapOutcome outcome = plane.apply(new SwapCommand.Swap(new SwapRequest(image, mode, drop)));
        if (outcome instanceof SwapOutcome.Refused) {
            image.discard();
        }
        return outcome;
    }

    private void begin() {
        swap(FIRST, new SwapMode.Immediate(), false);
        maps.maps("p").getFirst().put(3, bytes(10), 0);
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    private long used(long tenant) {
        byte[] value = maps.maps("p").getFirst().get(tenant).orElseThrow();
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Test
    void swap_runsMigrateBeforeInit_andRollbackFindsTheOldMapAsItWas() {
        begin();
        assertThat(swap(compiled(SECOND), new SwapMode.Immediate(), false)).isInstanceOf(SwapOutcome.Activated.class);
        assertThat(used(3)).isEqualTo(5);
        assertThat(plane.log().entries()).containsExactly(new PolicyLog.Entry(0, 1, 5));
        ActivationRecord activation = audit.activations.getLast();
        assertThat(activation.migratedMaps()).containsExactly("used");
        assertThat(activation.freshMaps()).containsExactly("used");
        assertThat(activation.droppedMaps()).isEmpty();
        plane.apply(new SwapCommand.Rollback(""));
        assertThat(used(3)).isEqualTo(10);
    }

    @Test
    void canary_runsMigrateOnItsOwnCopies() {
        begin();
        SwapMode canary = new SwapMode.Shadow(SwapMode.UNTIL_TOLD, AtEnd.DROP, Guards.NONE, false);
        swap(compiled(SECOND), canary, false);
        assertThat(used(3)).isEqualTo(10);
        plane.apply(new SwapCommand.Promote());
        assertThat(used(3)).isEqualTo(5);
        assertThat(maps.maps("p")).hasSize(1);
    }

    @Test
    void migrateThatRefuses_changesNothing() {
        begin();
        String tooSmall = SECOND.replace("hash<u32, Use>[64]", "hash<u32, Use>[1]");
        maps.maps("p").getFirst().put(4, bytes(20), 0);
        assertThat(swap(compiled(tooSmall), new SwapMode.Immediate(), false))
                .isEqualTo(new SwapOutcome.Refused("p", "its migrate returned reason code 7"));
        assertThat(used(3)).isEqualTo(10);
    }

    @Test
    void withoutMigrate_contentsAreLost_onlyWhenThatIsAllowed() {
        begin();
        PolicyObject changed = compiled("policy p; map used: hash<u32, u32>[8];");
        assertThat(swap(changed, new SwapMode.Immediate(), false))
                .isEqualTo(new SwapOutcome.Refused(
                        "p",
                        "contents of maps would be lost: used (entries: 1, its definition changed); let the policy"
                                + " migrate them, or allow it to drop them"));
        assertThat(swap(changed, new SwapMode.Immediate(), true)).isInstanceOf(SwapOutcome.Activated.class);
        assertThat(audit.activations.getLast().droppedMaps()).containsExactly("used");
    }

    @Test
    void migrate_inAssembly_doesTheSame() {
        begin();
        PolicyAssemblyResult result = PolicyAssembler.assemble(new SourceFile("p.gasm", """
                .policy p
                .map used hash key=4 value=4 entries=8
                .map old_used hash key=4 value=8 entries=8
                .hook migrate
                        w1 = 3
                        *(u32 *)(r10 - 4) = w1
                        r1 = map_by_idx(old_used)
                        r2 = r10
                        r2 += -4
                        call map_lookup_elem
                        if r0 == 0 goto done
                        r1 = *(u64 *)(r0 + 0)
                        *(u32 *)(r10 - 8) = w1
                        r1 = map_by_idx(used)
                        r2 = r10
                        r2 += -4
                        r3 = r10
                        r3 += -8
                        r4 = 0
                        call map_update_elem
                done:   r0 = OK
                        exit
                """));
        assertThat(result).isInstanceOf(PolicyAssemblyResult.Assembled.class);
        PolicyObject object = ((PolicyAssemblyResult.Assembled) result).object();
        assertThat(swap(object, new SwapMode.Immediate(), false)).isInstanceOf(SwapOutcome.Activated.class);
        assertThat(maps.maps("p").getFirst().get(3)).contains(new byte[] {10, 0, 0, 0});
    }

    @Test
    void testBlock_asksMigrate() {
        TestCompileResult compiled = TestCompiler.compile(new SourceFile("p.gbpf", SECOND));
        assertThat(compiled).isInstanceOf(TestCompileResult.Compiled.class);
        TestCompileResult.Compiled policy = (TestCompileResult.Compiled) compiled;
        PolicyTestRunner runner = new PolicyTestRunner(policy.object());
        assertThat(runner.run(policy.tests().getFirst()).failures()).isEmpty();
    }
}
