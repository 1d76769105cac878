package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {
    private static final String LOOP = """
            policy loop;
            map m: array<u64>[8];
            hook init(ctx) {
                var sum = 0;
                for i in 0..ctx.tenants max MAX_TENANTS {
                    sum += m[i & 7] else 0;
                }
                m[0] = sum;
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void safePolicy_showsTheCostOfEachHook() throws IOException {
        write("good.gbpf", Policies.GOOD);
        Result result = run("verify", "good.gbpf");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("good.gbpf: accepted, tag ")
                .containsPattern("\n  on_dispatch +\\d+ +\\d+ +16,384 +0\n");
    }

    @Test
    void objectThatIsNone_isNotTakenForAText() throws IOException {
        Files.write(directory.resolve("noise.gbo"), new byte[] {42, (byte) 0xFF, 17});
        Result result = run("verify", "noise.gbo");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .startsWith(
                        "gbpf: error: noise.gbo is no compiled policy: it begins as neither gBPF's objects do nor ELF's\n");
    }

    @Test
    void loops_areShownWithTheBoundsThatTheCostRestsOn() throws IOException {
        write("loop.gbpf", LOOP);
        assertThat(run("verify", "loop.gbpf").out())
                .containsPattern("\n  loop +goes back +because\n  init, line [56] +\\d+ +\\S+.* grows by 1\n");
        assertThat(run("verify", "--json", "loop.gbpf").out())
                .containsPattern("\"loops\":\\[\\{\"pc\":\\d+,\"line\":[56],\"maxIterations\":")
                .containsPattern("\"effort\":\\{\"steps\":[1-9]\\d*,\"memoryBytes\":[1-9]\\d*}");
    }

    @Test
    void limits_rejectWithCodesThatNameThem() throws IOException {
        write("loop.gbpf", LOOP);
        for (String[] limit : new String[][] {
            {"--step-limit", "10", "V0072"}, {"--memory-limit", "1k", "V0075"}, {"--time-limit", "1m", ""}
        }) {
            Result result = run("verify", limit[0], limit[1], "loop.gbpf");
            assertThat(result.code()).as(limit[0]).isEqualTo(limit[2].isEmpty() ? 0 : 5);
            assertThat(result.err()).contains(limit[2], limit[2].isEmpty() ? "" : limit[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--step-limit=0",
                "--step-limit=1k",
                "--memory-limit=1x",
                "--memory-limit=99999999999g",
                "--time-limit=5",
                "--time-limit=-1s"
            })
    void limitThatIsNone_isMisuse(String option) throws IOException {
        write("loop.gbpf", LOOP);
        Result result = run("verify", option, "loop.gbpf");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("is not a ").doesNotContain("internal");
    }

    @Test
    void trace_showsWhatIsKnownBeforeEachInstruction() throws IOException {
        write("good.gbpf", Policies.GOOD);
        Result result = run("verify", "--trace", "good.gbpf");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "on_dispatch:\n",
                        "// r1 = a pointer to the context\n",
                        "       0:  ",
                        "good.gbpf: accepted, tag ");
    }

    @Test
    void traceOfUnsafePolicy_isShownBesideTheReason() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        Result result = run("verify", "--trace", "unsafe.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out()).contains("// r0 = a number in 0..9223372036854775807\n");
        assertThat(result.err()).startsWith("error[V0060]");
    }

    @Test
    void traceInJson_hasAStateForEachInstruction() throws IOException {
        write("good.gbpf", Policies.GOOD);
        Result result = run("verify", "--trace", "--json", "good.gbpf");
        assertThat(result.out())
                .contains("\"trace\":[{\"hook\":\"on_dispatch\",\"instructions\":[{\"pc\":0,\"text\":")
                .contains("\"states\":[{\"r1\":\"a pointer to the context\"");
    }

    @Test
    void traceOfUnsafePolicyInJson_standsBesideTheReason() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        Result result = run("verify", "--trace", "--json", "unsafe.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out())
                .startsWith("{\"error\":{\"exitCode\":5,")
                .contains("\"trace\":[{\"hook\":\"on_dispatch\",\"instructions\":[{\"pc\":0,")
                .contains("\"states\":[{\"r1\":\"a pointer to the context\"");
    }

    @Test
    void rejectionInJson_hasPathHistoryAndFix() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        assertThat(run("verify", "--json", "unsafe.gbpf").out())
                .contains("\"explanations\":[{\"code\":\"V0060\",\"hook\":\"on_dispatch\",\"pc\":1,\"line\":4,")
                .contains("\"path\":[],\"value\":\"r0\",\"history\":[{\"pc\":0,\"line\":4,\"kind\":\"origin\",")
                .contains("\"edits\":[{\"line\":4,\"column\":5,\"length\":18,")
                .contains("\"text\":\"return min(ctx.now_ns, 2147483647);\"");
    }

    @Test
    void explain_showsTheSourceWithCostsAndLoops() throws IOException {
        write("loop.gbpf", Policies.LOOP);
        Result result = run("verify", "--explain", "loop.gbpf");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("on_tick: at most ")
                .containsPattern("\\| +for i in 0\\.\\.ctx\\.vslices \\{ +at most 16 times\n")
                .containsPattern("\\| +ctx\\.vslices: 1\\.\\.16\n")
                .contains("loop.gbpf: accepted, tag ");
        assertThat(run("verify", "--explain", "--json", "loop.gbpf").out())
                .contains("\"source\":[{\"hook\":\"on_tick\",\"lines\":[{\"line\":", "\"loops\":[16]");
    }

    @Test
    void explain_ofRejectedPolicy_marksTheLine() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        Result result = run("verify", "--explain", "unsafe.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out())
                .startsWith("on_dispatch: rejected, V0060\n")
                .containsPattern("return ctx\\.now_ns; +V0060: the verdict is not in the hook's range\n");
    }

    @Test
    void explain_inColour_isTheSameText() throws IOException {
        write("loop.gbpf", Policies.LOOP);
        String plain = run("verify", "--explain", "loop.gbpf").out();
        String coloured = new Cli(directory)
                .terminal(java.util.Map.of("TERM", "xterm"))
                .run("verify", "--explain", "loop.gbpf")
                .out();
        assertThat(coloured).isNotEqualTo(plain);
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void explain_ofObjectWithoutSource_showsTheInstructions() throws IOException {
        write("p.gasm", ".policy p\n.hook on_tick\n r0 = 0\n exit\n");
        assertThat(run("verify", "--explain", "p.gasm").out())
                .containsPattern("3  1 \\|  r0 = 0 +r0: 0\n4  1 \\|  exit\n");
    }

    @Test
    void html_isWrittenForAcceptedAndRejectedPolicies() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        write("good.gbpf", Policies.GOOD);
        assertThat(run("verify", "--html", "good.html", "good.gbpf").code()).isZero();
        assertThat(run("verify", "--html", "unsafe.html", "unsafe.gbpf").code()).isEqualTo(5);
        assertThat(directory.resolve("good.html")).content().contains("Policy good: accepted", "<svg");
        assertThat(directory.resolve("unsafe.html")).content().contains("Policy unsafe: rejected", "V0060");
        assertThat(run("verify", "--html", "good.gbpf", "good.gbpf").code())
                .as("it does not replace the policy")
                .isEqualTo(ExitCode.OUTPUT.number());
    }

    @Test
    void objectFile_isVerifiedAsItsSource() throws IOException {
        write("good.gbpf", Policies.GOOD);
        run("compile", "good.gbpf");
        assertThat(run("verify", "good.gbo").out())
                .isEqualTo(run("verify", "good.gbpf").out().replace("good.gbpf", "good.gbo"));
    }

    @Test
    void unsafePolicy_isRejectedWithThePlace() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        Result result = run("verify", "unsafe.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("error[V0060]").contains("--> unsafe.gbpf:4:", "return ctx.now_ns;");
    }

    @Test
    void unsafeObject_isRejectedWithTheSourceThatItCarries() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        run("compile", "unsafe.gbpf");
        Files.delete(directory.resolve("unsafe.gbpf"));
        assertThat(run("verify", "unsafe.gbo").err()).contains("--> unsafe.gbpf:4:", "return ctx.now_ns;");
    }

    @Test
    void wrongPolicy_doesNotCompile() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        assertThat(run("verify", "wrong.gbpf").code()).isEqualTo(4);
    }

    @Test
    void brokenObject_saysWhatIsWrong() throws IOException {
        write("good.gbpf", Policies.GOOD);
        run("compile", "good.gbpf");
        byte[] bytes = Files.readAllBytes(directory.resolve("good.gbo"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(directory.resolve("bad.gbo"), bytes);
        Result result = run("verify", "bad.gbo");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("error[E0705]: checksum does not match")
                .contains("--> bad.gbo");
        Files.write(directory.resolve("short.gbo"), java.util.Arrays.copyOf(bytes, 30));
        assertThat(run("verify", "short.gbo").code()).isEqualTo(3);
    }

    @Test
    void json_hasTheCertificates() throws IOException {
        write("good.gbpf", Policies.GOOD);
        assertThat(run("verify", "--json", "good.gbpf").out())
                .startsWith("{\"result\":\"accepted\",\"policy\":\"good\",\"tag\":\"")
                .contains("\"programs\":[{\"hook\":\"on_dispatch\",", "\"budget\":16384", "\"loops\":[]");
    }

    @Test
    void jsonOfARejection_hasTheDiagnostics() throws IOException {
        write("unsafe.gbpf", Policies.UNSAFE);
        Result result = run("verify", "--json", "unsafe.gbpf");
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("{\"error\":{\"exitCode\":5,\"message\":\"the verifier rejects unsafe.gbpf\"}")
                .contains("\"code\":\"V0060\"");
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
