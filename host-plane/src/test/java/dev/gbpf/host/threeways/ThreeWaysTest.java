package dev.gbpf.host.threeways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.object.elf.ElfObjectReader;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/three-ways}: the policy in the policy language, in C and in assembly gives the same verdicts, the same
 * contexts, the same questions to the plane and the same maps. {@code -Dgbpf.long=true} tries a million contexts.
 */
class ThreeWaysTest {
    private static final Path FOLDER = Path.of(System.getProperty("gbpf.root", ".."), "examples", "three-ways");
    private static final Path CLANG = Path.of("/usr/bin/clang-19");
    private static final int CONTEXTS = Boolean.getBoolean("gbpf.long") ? 1_000_000 : 6_000;
    private static final long SEED = Long.getLong("gbpf.seed", 20_260_726);
    /** Contexts on the same maps. */
    private static final int BLOCK = 500;
    /** Contexts after which the maps are compared, and changed from outside. */
    private static final int ROUND = 25;

    private static PolicyObject language;
    private static PolicyObject c;
    private static PolicyObject assembly;

    @BeforeAll
    static void compile() throws IOException {
        SourceFile source =
                new SourceFile("bounded_share.gbpf", Files.readString(FOLDER.resolve("bounded_share.gbpf")));
        language = ((Compiled) PolicyCompiler.compile(source)).object();
        try (InputStream in = ThreeWaysTest.class.getResourceAsStream("bounded_share.o")) {
            c = ElfObjectReader.read(Objects.requireNonNull(in).readAllBytes(), "bounded_share.o");
        }
        SourceFile text = new SourceFile("bounded_share.gasm", Files.readString(FOLDER.resolve("bounded_share.gasm")));
        assembly = ((PolicyAssemblyResult.Assembled) PolicyAssembler.assemble(text)).object();
    }

    @Test
    void policies_haveTheSameNameMapsAndHooks_andAreSafe() {
        for (PolicyObject policy : List.of(language, c, assembly)) {
            assertThat(policy.name()).isEqualTo("bounded_share");
            assertThat(policy.maps().stream().map(MapDefinition::withoutTypes))
                    .containsExactlyInAnyOrderElementsOf(language.maps().stream()
                            .map(MapDefinition::withoutTypes)
                            .toList());
            assertThat(policy.programs().stream().map(ProgramObject::hook))
                    .containsExactlyElementsOf(language.programs().stream()
                            .map(ProgramObject::hook)
                            .toList());
            assertThat(new Verifier().verify(policy)).isInstanceOf(VerificationResult.Accepted.class);
        }
        assertThat(c.maps()).containsExactlyInAnyOrderElementsOf(language.maps());
    }

    @Test
    void policies_onRandomContextsAndMaps_doTheSame() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Hook> hooks = language.programs().stream().map(ProgramObject::hook).toList();
        Set<Object> verdicts = new HashSet<>();
        for (int block = 0; block < CONTEXTS / BLOCK; block++) {
            run(block, hooks, random, verdicts);
        }
        // OK of init, on_retire and on_tick; two verdicts each of on_submit, on_admit and on_dispatch.
        assertThat(verdicts).hasSize(9);
    }

    /** Runs a block of contexts on fresh maps. */
    private static void run(int block, List<Hook> hooks, SplittableRandom random, Set<Object> verdicts) {
        try (Way first = new Way("language", language);
                Way second = new Way("C", c);
                Way third = new Way("assembly", assembly)) {
            for (int i = 0; i < BLOCK; i++) {
                Hook hook = hooks.get(random.nextInt(hooks.size()));
                byte[] context = context(hook, random);
                long seed = random.nextLong();
                Way.Effect expected = first.run(hook, context, seed);
                for (Way way : List.of(second, third)) {
                    Way.Effect effect = way.run(hook, context, seed);
                    if (!effect.equals(expected)) {
                        assertThat(effect)
                                .as(
                                        "%s of %s, context %d of block %d, seed %d",
                                        hook.symbol(), way.name(), i, block, SEED)
                                .isEqualTo(expected);
                    }
                }
                verdicts.add(List.of(hook, expected.verdict()));
                if (i % ROUND == ROUND - 1) {
                    assertThat(second.contents())
                            .as("maps of C in block %d", block)
                            .isEqualTo(first.contents());
                    assertThat(third.contents())
                            .as("maps of assembly in block %d", block)
                            .isEqualTo(first.contents());
                    change(random, first, second, third);
                }
            }
        }
    }

    /** Where there is a clang, what it makes of the source is what is committed. */
    @Test
    void committedObject_isThatOfTheSource(@TempDir Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(CLANG), "skipped: clang-19 is not installed");
        Path object = folder.resolve("bounded_share.o");
        Process process = new ProcessBuilder(
                        CLANG.toString(),
                        "-target",
                        "bpf",
                        "-O2",
                        "-g",
                        "-mcpu=v3",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-I",
                        "../../policies/include",
                        "-c",
                        "bounded_share.c",
                        "-o",
                        object.toString())
                .directory(FOLDER.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        PolicyObject fresh = ElfObjectReader.read(Files.readAllBytes(object), "bounded_share.o");
        assertThat(fresh.maps()).isEqualTo(c.maps());
        assertThat(fresh.programs().stream().map(ProgramObject::program))
                .containsExactlyElementsOf(
                        c.programs().stream().map(ProgramObject::program).toList());
    }

    /** A context whose fields are each small, random, or near the others, within what the plane promises. */
    private static byte[] context(Hook hook, SplittableRandom random) {
        ByteBuffer context = ByteBuffer.allocate(hook.context().size()).order(ByteOrder.LITTLE_ENDIAN);
        long near = random.nextLong();
        for (ContextField field : hook.context().fields()) {
            long value = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(8);
                case 1 -> near + random.nextInt(3) - 1;
                case 2 -> random.nextInt(100_000_000);
                default -> random.nextLong();
            };
            if (field.bounded()) {
                value = field.min() + Long.remainderUnsigned(value, field.max() - field.min() + 1);
            }
            if (field.width() == Width.W) {
                context.putInt(field.offset(), (int) value);
            } else {
                context.putLong(field.offset(), value);
            }
        }
        return context.array();
    }

    /** User space changes the maps. */
    private static void change(SplittableRandom random, Way... ways) {
        byte[] value = number(8, random.nextBoolean() ? random.nextInt(1 << 30) : random.nextLong());
        byte[] mark = number(8, random.nextInt(1 << 30));
        for (Way way : ways) {
            way.put("used", number(4, value[0] & 63), value);
            way.put("mark", number(4, 0), mark);
        }
    }

    private static byte[] number(int width, long value) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        return bytes;
    }
}
