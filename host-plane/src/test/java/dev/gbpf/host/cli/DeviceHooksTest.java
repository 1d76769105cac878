package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy with hooks of both planes, from its source to a run. */
class DeviceHooksTest {
    private static final String POLICY = """
            policy shared;

            import std::lanes;

            map used: array<u64>[MAX_TENANTS]; // worker time of each tenant, ns

            hook on_dispatch(ctx) {
                return IDLE;
            }

            hook sm_tick(ctx) {
                if let time = used[ctx.tenant] {
                    time += ctx.used_ns;
                }
                ctx.refill_ns = ctx.quota_ns / 2;
                ctx.share = ctx.weight * 2;
                return lanes::less(8, ctx.running_tasks) & lanes::equal(ctx.priority, 0); // REFILL or WITHHOLD
            }

            hook cta_admit(ctx) {
                if ctx.tokens_ns == 0 && ctx.skipped < 4 {
                    ctx.next = 1 + (ctx.tenant + 1) % MAX_TENANTS;
                    return SKIP;
                }
                return START;
            }

            hook warp_throttle_tick(ctx) {
                if ctx.urgent_tasks > 0 {
                    return 1000;
                }
            }

            hook dma_tick(ctx) {
                ctx.budget_bytes = ctx.quota_bytes / ctx.weight;
            }

            hook mem_event(ctx) {
                if ctx.event == MEM_LARGE && ctx.used_bytes + ctx.bytes > ctx.quota_bytes / 2 {
                    return REFUSE;
                }
                ctx.from = 1 + (ctx.arena + 1) % ctx.arenas;
            }

            hook therm_tick(ctx) {
                if ctx.temperature_c > 85 {
                    return max(1, ctx.workers / 2);
                }
            }

            test "half of the quota" {
                let r = sm_tick { tenant: 3, used_ns: 5us, quota_ns: 100us, weight: 7 };
                expect r == REFILL && r.refill_ns == 50us && r.share == 14;
                expect used[3] == 5us;
                let s = sm_tick { running_tasks: 9 };
                expect s == WITHHOLD;
            }

            test "the next tenant is asked about, but not for ever" {
                let r = cta_admit { tenant: 63 };
                expect r == SKIP && r.next == 1;
                let s = cta_admit { tenant: 63, skipped: 4 };
                expect s == START;
            }

            test "pacing" {
                let r = warp_throttle_tick { urgent_tasks: 1 };
                expect r == 1000;
                let d = dma_tick { kind: KIND_COPY_D2H, quota_bytes: 300, weight: 3 };
                expect d == REFILL && d.budget_bytes == 100;
            }

            test "memory and heat" {
                let r = mem_event { event: MEM_LARGE, bytes: 6, quota_bytes: 10 };
                expect r == REFUSE;
                let s = mem_event { arena: 3, arenas: 4 };
                expect s == GRANT && s.from == 1;
                let t = therm_tick { temperature_c: 90, workers: 132 };
                expect t == 66;
            }
            """;

    private static final String NOTE =
            "sm_tick, cta_admit, warp_throttle_tick, dma_tick, mem_event, therm_tick are device hooks: kept for a device plane"
                    + " with a control kernel, and not run by the simulated device\n";

    private static final String SCENARIO = """
            name: both planes
            duration: 10ms
            device: {preset: h200}
            tenants: [{name: one}]
            workload: [{tenant: one, arrivals: 1000/s, service: 100us}]
            policy: shared.gbpf
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("shared.gbpf"), POLICY);
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    @Test
    void verify_deviceHooks_provesThemAndSaysWhoRunsThem() {
        Result result = run("verify", "shared.gbpf");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("\n  sm_tick +\\d+ +\\d+ +4,096 +\\d+\n")
                .containsPattern("\n  therm_tick +\\d+ +\\d+ +512 +0\n")
                .endsWith("note: " + NOTE);
        assertThat(run("verify", "--json", "shared.gbpf").out())
                .contains(
                        "{\"hook\":\"on_dispatch\",\"plane\":\"host\",", "{\"hook\":\"sm_tick\",\"plane\":\"device\",")
                .containsPattern("\"hook\":\"sm_tick\"[^}]*\"divergentBranches\":\\[]")
                .containsPattern("\"hook\":\"therm_tick\"[^}]*\"divergentBranches\":\\[\\{\"pc\":");
    }

    @Test
    void test_deviceHooks_runInTheInterpreter() {
        Result result = run("test", "shared.gbpf");
        assertThat(result.out()).endsWith("4 tests passed\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void object_withDeviceHooks_isVerifiedAsItsSource() {
        assertThat(run("compile", "shared.gbpf").code()).isZero();
        assertThat(run("verify", "shared.gbo").out())
                .isEqualTo(run("verify", "shared.gbpf").out().replace("shared.gbpf", "shared.gbo"));
    }

    @Test
    void run_deviceHooks_areKeptAndSaidNotToRun() throws IOException {
        Files.writeString(directory.resolve("s.yaml"), SCENARIO);
        Result result = run("run", "s.yaml");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().replaceAll("\\s+", " ")).contains("Note: at 0 s " + NOTE.strip());
    }

    @Test
    void verify_deviceHookOverItsBudget_isRejected() throws IOException {
        Files.writeString(directory.resolve("slow.gbpf"), """
                policy slow;
                map m: array<u64>[4];
                hook cta_admit(ctx) {
                    for i in 0..200 {
                        m[0] += i;
                    }
                }
                """);
        Result result = run("verify", "slow.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("V0071", "512");
    }

    @Test
    void verify_branchOnATenantsNumberInSmTick_isExplainedAndItsFixIsAccepted() throws IOException {
        String policy = """
                policy busy;
                import std::lanes;
                hook sm_tick(ctx) {
                    let spare = ctx.quota_ns / 2;
                    ctx.refill_ns = CHOICE(spare, ctx.used_ns);
                }
                """;
        Files.writeString(directory.resolve("busy.gbpf"), policy.replace("CHOICE", "min"));
        Result rejected = run("verify", "busy.gbpf");
        assertThat(rejected.code()).isEqualTo(5);
        assertThat(rejected.err())
                .contains(
                        "error[V0090]: lanes of a warp may part at this branch",
                        "^^^^^^^^^^^^^^^^^^^^^^^ r0 depends on the lane",
                        "because: line 4 pc=0 r0 = *(u64 *)(r1 + 0x38): each lane has its own ctx.quota_ns",
                        "std::lanes");
        Files.writeString(directory.resolve("busy.gbpf"), policy.replace("CHOICE", "lanes::least"));
        assertThat(run("verify", "busy.gbpf").err()).isEmpty();
    }

    @Test
    void verify_wideDivisionBetweenTasks_isRefusedAndItsFixesAreAccepted() throws IOException {
        String policy = """
                policy cost;
                hook cta_admit(ctx) {
                    if (COST) / 1000 > 5 { return SKIP; }
                    return START;
                }
                """;
        Files.writeString(directory.resolve("cost.gbpf"), policy.replace("COST", "ctx.cost_ns"));
        assertThat(run("verify", "cost.gbpf").err()).contains("error[V0091]", "min(x, 0xffff_ffff)");
        for (String fix : List.of("min(ctx.cost_ns, 0xffff_ffff)", "ctx.cost_ns & 0xffff_ffff", "ctx.cost_ns >> 32")) {
            Files.writeString(directory.resolve("cost.gbpf"), policy.replace("COST", fix));
            assertThat(run("verify", "cost.gbpf").code()).as(fix).isZero();
        }
    }

    @Test
    void loop_overAMapInADeviceHook_isAcceptedAndRuns() throws IOException {
        Files.writeString(directory.resolve("loop.gbpf"), """
                policy loop;
                map busy: hash<u32, u64>[16];
                hook therm_tick(ctx) {
                    var sum = 0;
                    for _tenant, workers in busy {
                        sum += workers;
                    }
                    return min(sum, 65535);
                }
                test "all of them" {
                    given busy[1] = 2, busy[7] = 3;
                    let r = therm_tick {};
                    expect r == 5;
                }
                """);
        assertThat(run("verify", "loop.gbpf").err()).isEmpty();
        assertThat(run("test", "loop.gbpf").out()).endsWith("1 test passed\n");
    }

    @Test
    void compile_queueHelperInADeviceHook_isRefused() throws IOException {
        Files.writeString(directory.resolve("wrong.gbpf"), "policy wrong;\nhook sm_tick(ctx) { kick(0); }\n");
        assertThat(run("compile", "wrong.gbpf").err()).contains("`kick` cannot be called in sm_tick");
    }
}
