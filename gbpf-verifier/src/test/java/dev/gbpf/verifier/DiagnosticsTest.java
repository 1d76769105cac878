package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rejections say. */
class DiagnosticsTest {
    private static PolicyObject policy(ProgramObject... programs) {
        SourceFile source = new SourceFile("test.gbpf", "line one\n  line two\nline three\n");
        return new PolicyObject("test", AbiVersion.CURRENT, MAPS, List.of(programs), source);
    }

    private static List<Diagnostic> rejected(VerificationResult result) {
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        return ((VerificationResult.Rejected) result).diagnostics();
    }

    @Test
    void rejection_withLineInfo_pointsIntoTheSource() {
        Program program = program(mov(R0, 3), exit());
        List<LineInfo> lines = List.of(new LineInfo(0, 1, 1, 4), new LineInfo(1, 2, 3, 8));
        Diagnostic diagnostic = rejected(
                        new Verifier().verify(policy(new ProgramObject(Hook.ON_SUBMIT, program, lines))))
                .getFirst();
        assertThat(diagnostic.code()).isEqualTo("V0060");
        assertThat(diagnostic.severity()).isEqualTo(Severity.ERROR);
        assertThat(diagnostic.file()).isEqualTo("test.gbpf");
        assertThat(diagnostic.span()).isEqualTo(new SourceSpan(2, 3, 8));
        assertThat(diagnostic.label()).isEqualTo("r0 is the number 3");
        assertThat(diagnostic.notes())
                .containsExactly(
                        "in on_submit at pc=1: exit",
                        "to prove: r0 is a verdict: a number from 0 to 2",
                        "needed: ENQUEUE (0) or DIRECT (1) or REJECT (2)",
                        "where r0 comes from:\n  line 1: set to 3");
        assertThat(diagnostic.help()).isNotNull();
    }

    @Test
    void rejection_withoutLineInfo_saysWhatIsKnownInANote() {
        Diagnostic diagnostic = assertRejected(RejectionCode.RETURN_VALUE, mov(R0, 11), fault(), exit());
        assertThat(diagnostic.span()).isNull();
        assertThat(diagnostic.label()).isEmpty();
        assertThat(diagnostic.notes()).contains("known: r0 is the number 11", "needed: a number from 0 to 10");
    }

    @Test
    void rejection_behindBranches_tellsTheWay() {
        Diagnostic diagnostic = assertRejected(
                RejectionCode.RETURN_VALUE,
                load(W, R2, R1, 8),
                mov(R0, 0),
                jump(JumpOp.GT, R2, 5, "big"),
                exit(),
                label("big"),
                jump(JumpOp.EQ, R2, 7, "end"),
                mov(R0, 99),
                label("end"),
                mov(R3, R0),
                mov(R0, R3),
                fault(),
                exit());
        assertThat(diagnostic.notes())
                .contains("reached by:\n  pc 2 taken, because ctx.b > 5\n  pc 4 not taken, because ctx.b != 7");
    }

    @Test
    void rejection_behindManyBranches_tellsTheLast() {
        List<Code.Line> lines = new java.util.ArrayList<>(List.of(load(W, R2, R1, 8), mov(R0, 99)));
        for (int i = 0; i < 20; i++) {
            lines.add(jump(JumpOp.SET, R2, 1 << i, "end"));
        }
        lines.addAll(List.of(fault(), exit(), label("end"), mov(R0, 0), exit()));
        Diagnostic diagnostic = assertRejected(RejectionCode.RETURN_VALUE, lines.toArray(Code.Line[]::new));
        assertThat(diagnostic.notes())
                .anyMatch(n -> n.startsWith("reached by:\n  12 earlier branches\n  pc 14 not taken"));
    }

    @Test
    void rejection_ofHelperCall_namesTheHelper() {
        Diagnostic diagnostic = assertRejected(
                RejectionCode.UNINITIALISED_REGISTER, mov(R1, 0), fault(), call(Helper.LOG), mov(R0, 0), exit());
        assertThat(diagnostic.notes().getFirst()).isEqualTo("in test at pc=1: call 0x10008 (log)");
        assertThat(diagnostic.notes().get(1)).isEqualTo("to prove: r2 (value of log) is a number");
    }

    @Test
    void rejection_ofContextAccess_namesTheFieldNearby() {
        assertThat(assertRejected(RejectionCode.CONTEXT_FIELD, fault(), load(B, R0, R1, 9), mov(R0, 0), exit())
                        .notes())
                .contains("known: 1 bytes at offset 9 of the context; field b is 4 bytes at offset 8");
        assertThat(assertRejected(RejectionCode.CONTEXT_READ_ONLY, fault(), store(W, R1, 8, 1), mov(R0, 0), exit())
                        .notes())
                .contains("known: this is field b", "needed: a writable field: out, out32");
    }

    @Test
    void severalFaults_areAllReportedButNotTheirConsequences() {
        VerificationResult result = verify(
                load(W, R2, R1, 8),
                jump(JumpOp.EQ, R2, 0, "other"),
                load(DW, R0, R9, 0),
                load(DW, R0, R8, 0),
                jump("end"),
                label("other"),
                load(DW, R0, R7, 0),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(rejected(result)).hasSize(2);
    }

    @Test
    void faultInFunction_calledTwice_isReportedOnce() {
        VerificationResult result = verify(call("f"), call("f"), mov(R0, 0), exit(), label("f"), mov(R0, R9), exit());
        assertThat(rejected(result)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 9", "1, 60000", "2, 0"})
    void object_ofAnotherInterface_isRejectedWithBothVersions(int major, int minor) {
        PolicyObject object = new PolicyObject("test", new AbiVersion(major, minor), List.of(), List.of(), null);
        assertThat(rejected(new Verifier().verify(object))).singleElement().satisfies(d -> {
            assertThat(d.code()).isEqualTo(RejectionCode.ABI_VERSION.code());
            assertThat(d.notes().getFirst()).contains(major + "." + minor, "1.0 to " + AbiVersion.CURRENT);
        });
    }

    @Test
    void object_ofEachOlderMinor_isAccepted() {
        for (int minor = 0; minor <= AbiVersion.CURRENT.minor(); minor++) {
            AbiVersion abi = new AbiVersion(AbiVersion.CURRENT.major(), minor);
            PolicyObject object = new PolicyObject("test", abi, List.of(), List.of(), null);
            assertThat(new Verifier().verify(object)).isInstanceOf(VerificationResult.Accepted.class);
        }
    }

    @Test
    void object_withTwoProgramsForAHook_isRejected() {
        ProgramObject program = new ProgramObject(Hook.ON_TICK, program(mov(R0, 0), exit()), List.of());
        assertThat(rejected(new Verifier().verify(policy(program, program))))
                .extracting(Diagnostic::code)
                .containsExactly(RejectionCode.DUPLICATE_HOOK.code());
    }

    @Test
    void wellKnownMap_isDeclaredAsTheInterfaceSays() {
        MapDefinition right = new MapDefinition("MEMPOOL", MapKind.ARRAY, 4, 56, Constants.MAX_TENANTS);
        List<MapDefinition> wrong = List.of(
                new MapDefinition("MEMPOOL", MapKind.ARRAY, 4, 40, Constants.MAX_TENANTS),
                new MapDefinition("MEMPOOL", MapKind.ARRAY, 4, 56, 32),
                new MapDefinition("MEMPOOL", MapKind.HASH, 4, 56, Constants.MAX_TENANTS),
                right.asReadOnly());
        assertThat(new Verifier().verify(withMap(right))).isInstanceOf(VerificationResult.Accepted.class);
        for (MapDefinition map : wrong) {
            assertThat(rejected(new Verifier().verify(withMap(map))))
                    .as(map.toString())
                    .singleElement()
                    .satisfies(d -> {
                        assertThat(d.code()).isEqualTo(RejectionCode.WELL_KNOWN_MAP.code());
                        assertThat(d.notes().getFirst()).contains("{ soft: u64, hard: u64, used: u64");
                    });
        }
    }

    private static PolicyObject withMap(MapDefinition map) {
        return new PolicyObject("test", AbiVersion.CURRENT, List.of(map), List.of(), null);
    }

    @Test
    void object_withSeveralPrograms_hasACertificateForEach() {
        ProgramObject tick = new ProgramObject(Hook.ON_TICK, program(mov(R0, 0), exit()), List.of());
        ProgramObject submit = new ProgramObject(Hook.ON_SUBMIT, program(mov(R0, 1), mov(R0, 2), exit()), List.of());
        VerificationResult result = new Verifier().verify(policy(tick, submit));
        assertThat(result).isInstanceOf(VerificationResult.Accepted.class);
        List<Certificate> certificates = ((VerificationResult.Accepted) result).certificates();
        assertThat(certificates).extracting(c -> c.hook().orElseThrow()).containsExactly(Hook.ON_TICK, Hook.ON_SUBMIT);
        assertThat(certificates).extracting(Certificate::worstCaseInstructions).containsExactly(2L, 3L);
    }

    @Test
    void contextRange_promisedByTheInterface_isUsed() {
        // on_dispatch: tenants is 1 to 64.
        int offset = Hook.ON_DISPATCH.context().offsetOf("tenants");
        Program program = program(
                load(W, R2, R1, offset), mapValue(R3, ARRAY, 0), add(R3, R2), load(B, R0, R3, -1), mov(R0, 0), exit());
        ProgramObject dispatch = new ProgramObject(Hook.ON_DISPATCH, program, List.of());
        assertThat(new Verifier().verify(policy(dispatch)).isAccepted()).isTrue();
        Program beyond = program(
                load(W, R2, R1, offset), mapValue(R3, ARRAY, 0), add(R3, R2), load(B, R0, R3, 0), mov(R0, 0), exit());
        assertThat(new Verifier()
                        .verify(policy(new ProgramObject(Hook.ON_DISPATCH, beyond, List.of())))
                        .isAccepted())
                .isFalse();
    }

    @Test
    void oneVerifier_servesManyThreads() {
        Verifier verifier = new Verifier();
        Program good = program(mov(R7, 0), label("h"), add(R7, 1), jump(JumpOp.LT, R7, 64, "h"), mov(R0, 0), exit());
        Program bad = program(mov(R0, R9), exit());
        List<Boolean> accepted = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i ->
                        verifier.verify(i % 2 == 0 ? good : bad, TYPE, MAPS).isAccepted())
                .toList();
        for (int i = 0; i < accepted.size(); i++) {
            assertThat(accepted.get(i)).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void options_outOfRange_areRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> VerifierOptions.DEFAULT.withStepLimit(0))
                .isInstanceOf(IllegalArgumentException.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> VerifierOptions.DEFAULT.withBudgetLimit(0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
