package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsmCommandTest {
    private static final String POLICY = """
            .policy by_hand
            .map count array key=4 value=8 entries=1

            .hook init
                    mov %r1, 1
                    mov %r2, DSQ_FIFO
                    call dsq_create
                    r0 = OK
                    exit

            .hook on_submit
                    r1 = 1
                    call dsq_insert
                    r1 = map_val(map_by_idx(count))
                    r2 = 1
                    lock *(u64 *)(r1 + 0) += r2
                    r0 = ENQUEUE
                    exit

            .hook on_dispatch
                    r0 = 1
                    exit
            """;

    private static final String SCENARIO = """
            name: by hand
            duration: 50ms
            device: {preset: h200, inflight: 2}
            tenants: [{name: one}]
            workload: [{tenant: one, arrivals: 1000/s, service: 100us}]
            policy: by_hand.gasm
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void policy_isAssembledVerifiedAndRun() throws IOException {
        write("by_hand.gasm", POLICY);
        assertThat(run("asm", "by_hand.gasm").out())
                .startsWith("by_hand.gbo: policy by_hand, tag ")
                .endsWith(", 3 programs, 1 map, 14 instructions\n");
        assertThat(run("verify", "by_hand.gasm").out())
                .startsWith("by_hand.gasm: accepted, tag ")
                .isEqualTo(run("verify", "by_hand.gbo").out().replace("by_hand.gbo", "by_hand.gasm"));
        write("s.yaml", SCENARIO);
        Result result = run("run", "s.yaml");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("by_hand, 0.05 s", "No job was lost");
    }

    @Test
    void policy_compiled_isTheSameObject() throws IOException {
        write("by_hand.gasm", POLICY);
        run("asm", "by_hand.gasm", "-o", "a.gbo");
        run("compile", "by_hand.gasm", "-o", "b.gbo");
        assertThat(directory.resolve("a.gbo")).hasSameBinaryContentAs(directory.resolve("b.gbo"));
    }

    @Test
    void policy_disassembledPlain_assemblesToTheSameTag() throws IOException {
        write(
                "fair.gbpf",
                Files.readString(Path.of(
                        System.getProperty("gbpf.root", ".."), "policies", "weighted_fair", "weighted_fair.gbpf")));
        String tag = tag("fair.gbpf");
        for (String syntax : new String[] {"llvm", "mnemonic"}) {
            Result plain = run("disasm", "--plain", "--syntax", syntax, "fair.gbpf");
            assertThat(plain.code()).isZero();
            write("again.gasm", plain.out());
            assertThat(tag("again.gasm")).isEqualTo(tag);
            assertThat(run("disasm", "--plain", "--syntax", syntax, "again.gasm"))
                    .isEqualTo(plain);
        }
        assertThat(run("disasm", "--syntax", "mnemonic", "fair.gbpf").out()).contains("ldxw %r", "// ctx.tenant");
        assertThat(run("disasm", "--syntax", "mnemonics", "fair.gbpf").err()).contains("did you mean mnemonic?");
    }

    private String tag(String name) {
        String out = run("verify", "--json", name).out();
        int at = out.indexOf("\"tag\":\"");
        assertThat(at).as(out).isPositive();
        return out.substring(at, at + 30);
    }

    @Test
    void trace_ofAPolicy_isShownWithTheRun() throws IOException {
        write("by_hand.gasm", """
                .policy by_hand
                .map text array key=4 value=16 entries=1 readonly
                .data text "tick %lld\\0"
                .hook on_tick
                        r6 = r1
                        r1 = map_val(map_by_idx(text))
                        r2 = 10
                        r3 = *(u64 *)(r6 + ctx.tick)
                        r4 = 0
                        r5 = 0
                        call trace_printk
                        r0 = OK
                        exit
                """);
        write("s.yaml", SCENARIO);
        Result result = run("run", "s.yaml");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("Note: at 0.04 s trace: tick 39.\n");
    }

    @Test
    void rejection_showsTheLineOfAssembly() throws IOException {
        write("bad.gasm", ".policy bad\n.hook on_dispatch\n        r0 = r3\n        exit\n");
        Result result = run("verify", "bad.gasm");
        assertThat(result.code()).isEqualTo(ExitCode.REJECTED.number());
        assertThat(result.err()).contains("--> bad.gasm:3:9", "r0 = r3");
    }

    @Test
    void wrongText_showsThePlaceAndAdvice() throws IOException {
        write("bad.gasm", ".policy bad\n.hook on_dispatch\n        movv %r0, 1\n        exit\n");
        for (String command : new String[] {"asm", "verify", "disasm", "compile"}) {
            Result result = run(command, "bad.gasm");
            assertThat(result.code()).isEqualTo(ExitCode.COMPILE.number());
            assertThat(result.err()).isEqualTo("""
                    error[E1001]: expected an instruction, found 'movv'
                     --> bad.gasm:3:9
                      |
                    3 |         movv %r0, 1
                      |         ^^^^ expected an instruction
                      |
                      = help: did you mean 'mov'?

                    1 error
                    """);
        }
        assertThat(directory.resolve("bad.gbo")).doesNotExist();
        assertThat(run("explain", "E1010").out()).contains("E1010");
    }

    @Test
    void program_becomesItsBytes_andComesBack() throws IOException {
        String text = "        r0 = 0x2a\n        exit\n";
        write("p.gasm", text);
        assertThat(run("asm", "--hex", "p.gasm").out()).isEqualTo("b70000002a0000009500000000000000\n");
        assertThat(run("asm", "p.gasm").out()).isEqualTo("p.bin: 2 instructions, 16 bytes\n");
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(directory.resolve("p.bin"))))
                .isEqualTo("b70000002a0000009500000000000000");
        assertThat(run("disasm", "--raw", "p.bin").out()).isEqualTo(text);
        assertThat(run("disasm", "--raw", "--syntax", "mnemonic", "p.bin").out())
                .isEqualTo("        mov %r0, 42\n        exit\n");
        assertThat(run("asm", "--json", "--hex", "p.gasm").out())
                .isEqualTo("{\"instructions\":2,\"bytes\":16,\"hex\":\"b70000002a0000009500000000000000\"}\n");
        assertThat(new Cli(directory)
                        .stdin("exit".getBytes(StandardCharsets.UTF_8))
                        .run("asm", "--hex", "-")
                        .out())
                .isEqualTo("9500000000000000\n");
    }

    @Test
    void disasmRaw_ofOtherBytes_saysWhatIsWrong() throws IOException {
        write("p.bin", "no program");
        Result result = run("disasm", "--raw", "p.bin");
        assertThat(result.code()).isEqualTo(ExitCode.INPUT.number());
        assertThat(result.err()).contains("p.bin is no program");
    }

    @Test
    void options_thatContradict_areRefused() throws IOException {
        write("p.gasm", "exit");
        write("q.gasm", ".policy q");
        assertThat(run("asm", "--hex", "-o", "x", "p.gasm").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("asm", "--hex", "q.gasm").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("asm", "--json", "-o", "-", "p.gasm").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("asm", "-").code()).isEqualTo(ExitCode.INPUT.number());
        assertThat(run("test", "q.gasm").err()).contains("not in the policy language");
    }
}
