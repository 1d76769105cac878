package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.asm.Syntax;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.bytecode.RawEngine;
import dev.gbpf.host.bytecode.RawProgram;
import dev.gbpf.host.bytecode.RawProgram.RawMap;
import dev.gbpf.host.bytecode.RawRunner;
import dev.gbpf.host.bytecode.RawRunner.Outcome;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.platform.ProgramType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Instructions: decoding and its inverse, the listing and its inverse, and the verifier. What it accepts is run twice: in the
 * interpreter that checks everything, where nothing may be wrong, and in the one that checks nothing.
 */
class BytecodeFuzzTest {
    private static final int DECODER_PER_BYTE = 64;
    private static final long STEPS = 20_000;
    /** Instructions of a run that are waited for. */
    private static final long MAX_COST = 20_000;

    private static final byte[] MEMORY = Arrays.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, -8}, 64);
    private static final List<RawMap> MAPS = List.of(
            new RawMap(new MapDefinition("m0", MapKind.HASH, 4, 8, 4), new byte[8]),
            new RawMap(new MapDefinition("m1", MapKind.ARRAY, 4, 16, 3), null));
    private static final ProgramType TYPE = ProgramType.raw(
                    MEMORY.length, ProgramType.NO_BUDGET, EnumSet.allOf(Helper.class))
            .withAnyResults();
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(STEPS));
    private static final RawRunner RUNNER = new RawRunner(RawEngine.INTERPRETER, true);

    static {
        seeds().forEach(BytecodeFuzzTest::decode);
    }

    static Stream<byte[]> seeds() {
        Stream<Program> policies = Seeds.files(
                        ".gbpf", "policies", "gbpf-lang/src/test/resources/dev/gbpf/lang/compile/policies")
                .map(text -> new SourceFile("seed.gbpf", new String(text, StandardCharsets.UTF_8)))
                .flatMap(source -> ((Compiled) PolicyCompiler.compile(source)).object().programs().stream())
                .map(hook -> hook.program());
        SourceFile all = new SourceFile("seed.s", Seeds.INSTRUCTIONS);
        return Stream.concat(policies, Stream.of(((Assembled) Assembler.assemble(all)).program()))
                .map(InstructionEncoder::encode);
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void program_ofAnyBytes_isRefusedOrRunsSafely(byte[] bytes) {
        Program program = Allocation.within(DECODER_PER_BYTE, bytes.length, () -> decode(bytes));
        if (program == null) {
            return;
        }
        assertThat(InstructionEncoder.encode(program)).isEqualTo(bytes);
        SourceFile text = new SourceFile("listing.s", Disassembler.assembly(program, Syntax.LLVM));
        assertThat(((Assembled) Assembler.assemble(text)).program()).isEqualTo(program);

        RawProgram raw = new RawProgram(bytes, MAPS, MEMORY);
        AnalysisResult result = VERIFIER.analyse(program, TYPE, raw.definitions());
        if (result.isAccepted() && result.instructions() <= MAX_COST) {
            Outcome checked = RUNNER.runUnverified(raw);
            assertThat(checked).isInstanceOf(Outcome.Returned.class);
            assertThat(((Outcome.Returned) RUNNER.run(raw)).r0()).isEqualTo(((Outcome.Returned) checked).r0());
        }
    }

    private static @Nullable Program decode(byte[] bytes) {
        try {
            return InstructionDecoder.decode(bytes);
        } catch (EncodingException e) {
            assertThat(e).hasMessageContaining("pc=");
            return null;
        }
    }
}
