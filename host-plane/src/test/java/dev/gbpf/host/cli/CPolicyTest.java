package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.reference.CHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies in C on the command line: objects that clang made, and sources where there is a clang. */
class CPolicyTest {
    private static final Path OBJECTS =
            Path.of(System.getProperty("gbpf.root", ".."), "gbpf-lang/src/test/resources/elf");

    private static final String WRONG = """
            #include "gbpf.h"

            GBPF_HOOK(on_dispatch, ctx)
            {
            	return gbpf_dsq_len(1);
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void header_isWhatTheSchemaSays() {
        assertThat(run("header").out()).isEqualTo(CHeader.render());
        assertThat(run("header", "-o", "gbpf.h").code()).isZero();
        assertThat(directory.resolve("gbpf.h")).hasContent(CHeader.render());
    }

    @Test
    void elfObject_isTakenWhereverAPolicyIs() throws IOException {
        Files.copy(OBJECTS.resolve("least_served.v3.o"), directory.resolve("least.o"));
        assertThat(run("verify", "least.o").out()).startsWith("least.o: accepted, tag ");
        assertThat(run("disasm", "least.o").out())
                .contains("// map 0: used, hash", "bpf_map_lookup_elem(&used, &tenant)", "// dsq_insert_vtime");
        assertThat(run("compile", "least.o").out()).startsWith("least.gbo: policy least_served, tag ");
        assertThat(run("verify", "least.gbo").code()).isZero();
        Files.writeString(directory.resolve("s.yaml"), """
                name: c
                duration: 1s
                device: {preset: h200}
                tenants: [{name: a}]
                workload:
                  - {tenant: a, arrivals: 100/s, service: {exponential: 1ms}}
                policy: least.o
                """);
        Result result = run("run", "s.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(run("run", "--policy", "least.o", "s.yaml").code()).isZero();
    }

    @Test
    void damagedElfObject_isRefusedWithItsCode() throws IOException {
        byte[] bytes = Files.readAllBytes(OBJECTS.resolve("least_served.v3.o"));
        bytes[5] = 2;
        Files.write(directory.resolve("big.o"), bytes);
        Result result = run("verify", "big.o");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).startsWith("error[E1102]").contains("big-endian", "-target bpfel");
        assertThat(run("explain", "E1102").out()).contains("not a little-endian BPF object");
    }

    @Test
    void migrate_inC_isVerifiedLikeAnyHook() throws IOException {
        Files.writeString(directory.resolve("m.c"), """
                #include "gbpf.h"

                GBPF_POLICY("p");

                struct use { __u64 time; __u64 jobs; };

                struct {
                    __uint(type, BPF_MAP_TYPE_HASH);
                    __type(key, __u32);
                    __type(value, struct use);
                    __uint(max_entries, 64);
                } used SEC(".maps");

                struct {
                    __uint(type, BPF_MAP_TYPE_HASH);
                    __type(key, __u32);
                    __type(value, __u64);
                    __uint(max_entries, 64);
                } old_used SEC(".maps");

                GBPF_HOOK(migrate, ctx)
                {
                    for (__u32 tenant = 0; tenant < 64; tenant++) {
                        __u64 *time = bpf_map_lookup_elem(&old_used, &tenant);
                        struct use use = {};

                        if (time) {
                            use.time = *time;
                            bpf_map_update_elem(&used, &tenant, &use, BPF_ANY);
                        }
                    }
                    return GBPF_OK;
                }

                char _license[] SEC("license") = "GPL";
                """);
        assertThat(clang("compile", "m.c").err()).isEmpty();
        assertThat(run("verify", "m.gbo").out()).contains("migrate");
    }

    @Test
    void source_isCompiledByClang() throws IOException {
        Files.copy(OBJECTS.resolve("least_served.c"), directory.resolve("least.c"));
        Result result = clang("compile", "least.c");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("least.gbo: policy least_served, tag ");
        assertThat(run("verify", "least.gbo").code()).isZero();
    }

    @Test
    void printk_ofAPolicyInC_isShownWithTheRun() throws IOException {
        Files.writeString(directory.resolve("print.c"), """
                #include "gbpf.h"

                GBPF_POLICY("print");

                GBPF_HOOK(init, ctx)
                {
                	bpf_printk("begin");
                	bpf_printk("%u tenants, %llx", ctx->tenants, 1ULL << 40);
                	return GBPF_OK;
                }
                """);
        Result verified = clang("verify", "print.c");
        assertThat(verified.err()).isEmpty();
        Files.writeString(directory.resolve("s.yaml"), """
                name: print
                duration: 10ms
                device: {preset: h200}
                tenants: [{name: a}]
                workload: [{tenant: a, arrivals: 1000/s, service: 100us}]
                policy: print.gbo
                """);
        assertThat(clang("compile", "print.c").code()).isZero();
        assertThat(run("run", "s.yaml").out())
                .contains("Note: at 0 s trace: begin.\n", "Note: at 0 s trace: 1 tenants, 10000000000.\n");
    }

    @Test
    void perCpuMap_isReadFromCAndChecked() throws IOException {
        Files.writeString(directory.resolve("count.c"), """
                #include "gbpf.h"

                GBPF_POLICY("count");

                struct {
                	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
                	__type(key, __u32);
                	__type(value, __u64);
                	__uint(max_entries, 64);
                } hits SEC(".maps");

                GBPF_HOOK(on_submit, ctx)
                {
                	__u32 tenant = ctx->tenant;
                	__u64 *hit = bpf_map_lookup_elem(&hits, &tenant);
                	if (hit)
                		*hit += 1;
                	return GBPF_ENQUEUE;
                }
                """);
        Result result = clang("verify", "count.c");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(clang("disasm", "count.c").out()).contains("// map 0: hits, percpu_array");
    }

    @Test
    void mapsThatTheDeviceShares_areUsedFromC() throws IOException {
        String source = """
                #include "gbpf.h"

                GBPF_POLICY("share");

                struct {
                	__uint(type, BPF_MAP_TYPE_SNAPSHOT);
                	__type(key, __u32);
                	__type(value, __u32);
                	__uint(max_entries, 64);
                } weights SEC(".maps");

                struct {
                	__uint(type, BPF_MAP_TYPE_COUNTERS);
                	__type(key, __u32);
                	__type(value, __u64);
                	__uint(max_entries, 64);
                } granted SEC(".maps");

                GBPF_HOOK(cta_admit, ctx)
                {
                	__u32 tenant = ctx->tenant;
                	__u32 *weight = bpf_map_lookup_elem(&weights, &tenant);
                	__u64 *count = bpf_map_lookup_elem(&granted, &tenant);
                	if (count)
                		ADD;
                	return weight && *weight == 0 ? GBPF_PARK : GBPF_START;
                }
                """;
        Files.writeString(directory.resolve("share.c"), source.replace("ADD", "__sync_fetch_and_add(count, 1)"));
        Result result = clang("verify", "share.c");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(clang("disasm", "share.c").out())
                .contains("// map 0: weights, snapshot", "// map 1: granted, counters", "lock *(u64 *)");
        Files.writeString(directory.resolve("share.c"), source.replace("ADD", "*count += 1"));
        assertThat(clang("verify", "share.c").err()).contains("V0045").contains("share.c:25");
    }

    @Test
    void ringAndQueue_areUsedFromC() throws IOException {
        Files.writeString(directory.resolve("events.c"), """
                #include "gbpf.h"

                GBPF_POLICY("events");

                struct event { __u64 at; __u32 tenant; __u32 pad; };

                struct {
                	__uint(type, BPF_MAP_TYPE_RINGBUF);
                	__type(value, struct event);
                	__uint(max_entries, 4096);
                	__uint(map_flags, 1 << 19);
                } events SEC(".maps");

                struct {
                	__uint(type, BPF_MAP_TYPE_QUEUE);
                	__uint(value_size, sizeof(__u64));
                	__uint(max_entries, 16);
                } waiting SEC(".maps");

                GBPF_HOOK(on_submit, ctx)
                {
                	__u64 id = ctx->job_id;
                	bpf_map_push_elem(&waiting, &id, 0);
                	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
                	if (!e)
                		return GBPF_ENQUEUE;
                	e->at = ctx->now_ns;
                	e->tenant = ctx->tenant;
                	if (ctx->tenant == 3)
                		bpf_ringbuf_discard(e, 0);
                	else
                		bpf_ringbuf_submit(e, 0);
                	return GBPF_ENQUEUE;
                }

                GBPF_HOOK(on_retire, ctx)
                {
                	__u64 first;
                	if (!bpf_map_pop_elem(&waiting, &first) && first > ctx->job_id)
                		bpf_ringbuf_output(&events, &first, sizeof(first), 0);
                	return 0;
                }
                """);
        Result result = clang("verify", "events.c");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(clang("disasm", "events.c").out())
                .contains(": events, ringbuf, key 0 bytes, value 16 bytes, entries 4096, overwrite");
        Path source = directory.resolve("events.c");
        Files.writeString(
                source, Files.readString(source).replace("bpf_ringbuf_discard(e, 0);", "return GBPF_ENQUEUE;"));
        assertThat(clang("verify", "events.c").err())
                .startsWith("error[V0052]: a reserved record is neither submitted nor discarded");
    }

    @Test
    void rejectedSource_showsTheLineInC() throws IOException {
        Files.writeString(directory.resolve("wrong.c"), WRONG);
        Result result = clang("verify", "wrong.c");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err())
                .startsWith("error[V0060]")
                .contains("--> wrong.c:5:2", "return gbpf_dsq_len(1);", "^^^^^^");
    }

    @Test
    void sourceThatIsNoC_showsWhatClangSays() throws IOException {
        Files.writeString(directory.resolve("bad.c"), "int f(void) { return x; }\n");
        Result result = clang("compile", "bad.c");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("bad.c does not compile", "undeclared identifier 'x'");
        assertThat(directory.resolve("bad.gbo")).doesNotExist();
    }

    @Test
    void withoutClang_saysWhatToInstall() throws IOException {
        Files.writeString(directory.resolve("wrong.c"), WRONG);
        Result result = run("compile", "wrong.c");
        assertThat(result.code()).isEqualTo(8);
        assertThat(result.err()).contains("needs clang", "apt-get install clang-19");
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private Result clang(String... arguments) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/clang-19")), "skipped: clang-19 is not installed");
        return new Cli(directory).environment(Map.of("PATH", "/usr/bin")).run(arguments);
    }
}
