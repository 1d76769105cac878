package dev.gbpf.bench;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the verifier of the running kernel about a generated program, through a tool that loads it without attaching it. The array map
 * is one element there: Linux gives direct addresses to nothing else.
 */
final class LinuxBaseline {
    private static final String MAPS = "[{\"kind\":\"hash\",\"key_size\":4,\"value_size\":16,\"max_entries\":8},"
            + "{\"kind\":\"array\",\"key_size\":4,\"value_size\":64,\"max_entries\":1}]";
    private static final Pattern ANSWER =
            Pattern.compile("\"processed\": (\\d+).*\"verif_us\": (\\d+)", Pattern.DOTALL);
    /** Beyond this many Linux follows more paths than it allows itself. */
    private static final int MOST = 20_000;

    private LinuxBaseline() {}

    /** Prints how long Linux took, if {@code -Dbench.linux} names the tool and the program is one for Linux. */
    static void print(String family, Subject subject) throws IOException {
        String tool = System.getProperty("bench.linux");
        boolean asked = tool != null
                && subject.program().size() <= MOST
                && (family.equals("straight") || family.equals("branchy"));
        if (!asked) {
            return;
        }
        Path folder = Files.createTempDirectory("gbpf-linux");
        Path question = folder.resolve("in.jsonl");
        Path answer = folder.resolve("out.jsonl");
        try {
            Files.writeString(
                    question,
                    "{\"id\":\"x\",\"program_hex\":\""
                            + HexFormat.of().formatHex(InstructionEncoder.encode(byDescriptor(subject.program())))
                            + "\",\"maps\":" + MAPS + "}\n");
            run(Path.of(tool), question, answer);
            report(family, subject, Files.readString(answer));
        } finally {
            Files.deleteIfExists(question);
            Files.deleteIfExists(answer);
            Files.delete(folder);
        }
    }

    private static void report(String family, Subject subject, String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        if (matcher.find()) {
            long processed = Long.parseLong(matcher.group(1));
            long micros = Math.max(1, Long.parseLong(matcher.group(2)));
            System.out.printf(
                    "%-9s %9d  Linux: %d instructions processed in %.3f ms, %d thousand of the program's per second%n",
                    family,
                    subject.program().size(),
                    processed,
                    micros / 1000.0,
                    1000L * subject.program().size() / micros);
        } else {
            System.out.println(family + " " + subject.program().size() + "  Linux: no figure: "
                    + answer.substring(0, Math.min(300, answer.length())).strip());
        }
    }

    private static void run(Path tool, Path question, Path answer) throws IOException {
        Process process = new ProcessBuilder(
                        "python3", tool.getFileName().toString(), question.toString(), answer.toString())
                .directory(tool.toAbsolutePath().resolveSibling(".").normalize().toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the kernel could not be asked: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the kernel was asked", e);
        }
    }

    /** The program with maps named as Linux does it, by what stands for a descriptor. */
    private static Program byDescriptor(Program program) {
        return new Program(program.instructions().stream()
                .map(i -> i instanceof Instruction.LoadPseudo p
                        ? new Instruction.LoadPseudo(
                                p.kind() == PseudoKind.MAP_BY_INDEX ? PseudoKind.MAP_BY_FD : PseudoKind.MAP_VALUE_BY_FD,
                                p.dst(),
                                p.imm(),
                                p.nextImm())
                        : i)
                .toList());
    }
}
