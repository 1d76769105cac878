package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.verifier.explain.Fix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fixes that the verifier offers for policies in C, taken from the JSON, and applied. */
class CFixTest {
    private static final String START = """
            #include "gbpf.h"

            GBPF_POLICY("p");

            struct value {
            	__u64 sum;
            	__u64 slots[7];
            };

            struct {
            	__uint(type, BPF_MAP_TYPE_HASH);
            	__type(key, __u32);
            	__type(value, struct value);
            	__uint(max_entries, 64);
            } used SEC(".maps");

            """;

    private static final Map<String, String> POLICIES =
            Map.of("null", """
            GBPF_HOOK(on_submit, ctx)
            {
            	__u32 tenant = ctx->tenant;
            	struct value *v = bpf_map_lookup_elem(&used, &tenant);
            	v->sum += 1;
            	return GBPF_ENQUEUE;
            }
            """, "bounds", """
            GBPF_HOOK(on_submit, ctx)
            {
            	__u32 tenant = ctx->tenant;
            	__u32 i = ctx->priority;
            	struct value *v = bpf_map_lookup_elem(&used, &tenant);
            	if (!v)
            		return GBPF_ENQUEUE;
            	v->slots[i] += 1;
            	return GBPF_ENQUEUE;
            }
            """, "both", """
            GBPF_HOOK(on_submit, ctx)
            {
            	__u32 tenant = ctx->tenant;
            	__u64 n = ctx->cost_ns;
            	struct value *v = bpf_map_lookup_elem(&used, &tenant);
            	v->slots[n] = 5;
            	return GBPF_ENQUEUE;
            }
            """, "verdict", """
            GBPF_HOOK(on_dispatch, ctx)
            {
            	return gbpf_dsq_len(1);
            }
            """, "loop", """
            GBPF_HOOK(on_tick, ctx)
            {
            	__u64 seen = 0;
            	while (gbpf_dsq_len(1) > 0) {
            		seen |= bpf_ktime_get_ns();
            		gbpf_kick(0);
            	}
            	return seen == 1 ? GBPF_OK : GBPF_OK;
            }
            """);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @ParameterizedTest
    @CsvSource({"null, V0025", "bounds, V0037", "both, V0025", "verdict, V0060", "loop, V0070"})
    void fix_whenApplied_isAccepted(String name, String code) throws IOException {
        String text = START + POLICIES.get(name);
        for (int round = 0; round < 3; round++) {
            Files.writeString(directory.resolve("p.c"), text);
            Result result = new Cli(directory).environment(System.getenv()).run("verify", "--json", "p.c");
            Assumptions.assumeTrue(result.code() != ExitCode.ENVIRONMENT.number(), "no clang here");
            if (result.code() == ExitCode.OK.number()) {
                assertThat(round).isPositive();
                return;
            }
            JsonNode first =
                    new JsonMapper().readTree(result.out()).get("explanations").get(0);
            assertThat(round > 0 || first.get("code").asString().equals(code))
                    .as(result.out())
                    .isTrue();
            List<Fix.Edit> edits = edits(first);
            assertThat(edits).as(result.out()).isNotEmpty();
            text = new Fix("", edits).applyTo(new SourceFile("p.c", text));
        }
        throw new AssertionError("still rejected:\n" + text);
    }

    private static List<Fix.Edit> edits(JsonNode explanation) {
        List<Fix.Edit> edits = new ArrayList<>();
        for (JsonNode edit : explanation.path("fix").path("edits")) {
            edits.add(new Fix.Edit(
                    edit.get("line").asInt(),
                    edit.get("column").asInt(),
                    edit.get("length").asInt(),
                    edit.get("text").asString()));
        }
        return edits;
    }
}
