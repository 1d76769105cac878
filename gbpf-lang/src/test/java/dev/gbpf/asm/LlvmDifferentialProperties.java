package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.InstructionArbitraries;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assumptions;

/** Against LLVM 19 itself, where it is installed: arbitrary programs are printed and assembled alike. */
class LlvmDifferentialProperties {
    private static final Path OBJDUMP = Path.of("/usr/bin/llvm-objdump-19");
    private static final Path MC = Path.of("/usr/bin/llvm-mc-19");
    private static final Pattern LINE = Pattern.compile(" *[0-9]+:\t.*");

    /** What {@code llvm-objdump -d} prints for the bytes is what we list. */
    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void listing_isThatOfLlvm(@ForAll("programs") Program program) throws IOException, InterruptedException {
        byte[] code = InstructionEncoder.encode(program);
        String bytes = IntStream.range(0, code.length)
                .mapToObj(i -> ".byte " + (code[i] & 0xff) + "\n")
                .collect(Collectors.joining());
        assertThat(objdump(bytes))
                .isEqualTo(Disassembler.listing(program, ".text").lines().toList());
    }

    /** What LLVM assembles from our text, labels included, is what we encode. */
    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void assembly_isReadByLlvm(@ForAll("programs") Program program) throws IOException, InterruptedException {
        Program readable = new Program(program.instructions().stream()
                .filter(LlvmDifferentialProperties::isReadByLlvm)
                .toList());
        assertThat(objdump(Disassembler.assembly(readable, Syntax.LLVM)).stream()
                        .map(line -> line.split("\t", -1)[1])
                        .collect(Collectors.joining(" ")))
                .isEqualTo(Disassembler.listing(readable, "f")
                        .lines()
                        .map(line -> line.split("\t", -1)[1])
                        .collect(Collectors.joining(" ")));
    }

    /** The assembler of LLVM 19 takes only 16-bit numbers after {@code gotol}, though its disassembler prints 32-bit ones. */
    private static boolean isReadByLlvm(Instruction instruction) {
        return !(instruction instanceof Jump jump && jump.isLong());
    }

    private static List<String> objdump(String source) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(OBJDUMP) && Files.isExecutable(MC), "skipped: LLVM 19 is not installed");
        Path folder = Files.createDirectories(Path.of("target", "llvm-differential"));
        Path text = Files.writeString(folder.resolve("p.s"), source);
        Path object = folder.resolve("p.o");
        run(
                folder,
                MC.toString(),
                "-triple",
                "bpfel",
                "-mcpu=v4",
                "-filetype=obj",
                text.toString(),
                "-o",
                object.toString());
        List<String> lines = run(folder, OBJDUMP.toString(), "-d", object.toString());
        return lines.stream().filter(line -> LINE.matcher(line).matches()).toList();
    }

    private static List<String> run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    /** Programs whose text has one meaning for LLVM: see {@link Disassembler} for the instructions that have not. */
    @Provide
    Arbitrary<Program> programs() {
        return InstructionArbitraries.instructions()
                .filter(i -> !(i instanceof CallLocal || i instanceof CallBtf || i instanceof LoadPseudo))
                .filter(i -> !(i instanceof Atomic atomic && !atomic.is64()))
                .list()
                .ofSize(300)
                .map(instructions -> InstructionArbitraries.withNearJumps(new Program(instructions)));
    }
}
