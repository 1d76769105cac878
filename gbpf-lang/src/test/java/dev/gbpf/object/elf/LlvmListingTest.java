package dev.gbpf.object.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.Instruction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clang makes of every policy in C of the repository is listed as {@code llvm-objdump -d} lists it, instruction by instruction. */
class LlvmListingTest {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    private static final Path OBJDUMP = Path.of("/usr/bin/llvm-objdump-19");
    private static final String FILE_LINE = ":\tfile format elf64-bpf";
    private static final Pattern SECTION = Pattern.compile("Disassembly of section (.*):");
    private static final Pattern SYMBOL = Pattern.compile("([0-9a-f]{16}) <(.*)>:");
    private static final Pattern LINE = Pattern.compile(" *([0-9]+):\t(.*)");
    private static final Pattern TARGET = Pattern.compile("(.*) <(.*?)(?:\\+0x([0-9a-f]+))?>");
    /** With {@code --mcpu=v4} LLVM calls the registers of narrow loads and stores w; without it r, as we do. */
    private static final Pattern NARROW_LOAD = Pattern.compile("^w([0-9]+ = \\*\\(u(8|16|32) .*)");

    private static final Pattern NARROW_STORE = Pattern.compile("^(\\*\\(u(?:8|16|32) .* = )w([0-9]+)$");
    private static final Pattern C_BLOCK = Pattern.compile("(?ms)^```c.*?\\n(.*?)^```$");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void listing_ofEveryPolicyInC_isThatOfLlvm() throws IOException, InterruptedException {
        Map<String, String> sources = sources();
        assertThat(sources).hasSizeGreaterThan(3);
        Map<String, byte[]> objects = new TreeMap<>();
        sources.forEach((name, source) -> ElfObjects.VERSIONS.forEach(
                version -> objects.put(name + " -mcpu=" + version, ElfObjects.compile(folder, source, version))));
        compare(objects);
    }

    @Test
    void listing_ofCommittedObjects_isThatOfLlvm() throws IOException, InterruptedException {
        Map<String, byte[]> objects = new TreeMap<>();
        for (String name : List.of("everything.v2.o", "least_served.v3.o", "instructions.v1.o", "instructions.v4.o")) {
            objects.put(name, ElfObjects.committed(name));
        }
        compare(objects);
    }

    private void compare(Map<String, byte[]> objects) throws IOException, InterruptedException {
        List<Map<String, List<String>>> all = llvm(objects.values());
        int index = 0;
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            Map<String, List<String>> theirs = all.get(index++);
            Map<String, List<String>> ours = ours(object.getValue());
            assertThat(ours.keySet())
                    .as(object.getKey())
                    .isEqualTo(theirs.keySet())
                    .isNotEmpty();
            ours.forEach((section, lines) -> assertThat(String.join("\n", lines))
                    .as(object.getKey() + " " + section)
                    .isEqualTo(String.join("\n", theirs.getOrDefault(section, List.of()))));
        }
    }

    /** The policies in C of the repository, and the C on the page about them; programs for hosts include the system's headers. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String part : List.of("policies", "examples", "gbpf-lang/src/test/resources/elf")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".c")).toList()) {
                    String source = Files.readString(file);
                    if (!file.toString().contains("/target/") && !source.contains("#include <")) {
                        sources.put(file.toString(), source);
                    }
                }
            }
        }
        String page = "docs/c-policies.md";
        Matcher block = C_BLOCK.matcher(Files.readString(ROOT.resolve(page)));
        while (block.find()) {
            sources.put(page + " at " + block.start(), block.group(1));
        }
        return sources;
    }

    /** Pc and text of each instruction, by section; a jump's text ends with the byte that it leads to. */
    private static Map<String, List<String>> ours(byte[] object) {
        ElfFile file = ElfFile.read(object);
        FunctionTable functions = FunctionTable.read(file);
        Map<String, List<String>> listing = new HashMap<>();
        for (ElfSection section : file.sections()) {
            for (ElfFunction function : functions.in(section)) {
                List<String> lines = listing.computeIfAbsent(section.name(), n -> new ArrayList<>());
                for (int i = 0; i < function.code().size(); i++) {
                    lines.add(line(function, i));
                }
            }
        }
        return listing;
    }

    private static String line(ElfFunction function, int index) {
        Instruction instruction = function.code().get(index);
        String text = Disassembler.text(instruction);
        if (instruction instanceof Instruction.CallLocal) {
            // The difference that Disassembler documents: LLVM does not tell calls of functions from those of helpers.
            text = text.replace("call pc+", "call ").replace("call pc-", "call -");
        }
        int target = switch (instruction) {
            case Instruction.Jump jump -> function.code().targetIndex(index, jump.offset());
            case Instruction.CondJump jump -> function.code().targetIndex(index, jump.offset());
            default -> -1;
        };
        String suffix = target < 0
                ? ""
                : " -> " + (function.start() + 8L * function.code().pcOf(target));
        return function.start() / 8 + function.code().pcOf(index) + ": " + text + suffix;
    }

    /** The same of each object as LLVM sees it. */
    private List<Map<String, List<String>>> llvm(Collection<byte[]> objects) throws IOException, InterruptedException {
        List<Map<String, List<String>>> listings = new ArrayList<>();
        Map<String, Long> symbols = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : objdump(objects)) {
            Matcher section = SECTION.matcher(line);
            Matcher symbol = SYMBOL.matcher(line);
            Matcher instruction = LINE.matcher(line);
            if (line.endsWith(FILE_LINE)) {
                listings.add(new HashMap<>());
                symbols.clear();
            } else if (section.matches()) {
                lines = listings.getLast().computeIfAbsent(section.group(1), n -> new ArrayList<>());
            } else if (symbol.matches()) {
                symbols.put(symbol.group(2), Long.parseLong(symbol.group(1), 16));
            } else if (instruction.matches()) {
                String text = NARROW_LOAD.matcher(instruction.group(2)).replaceFirst("r$1");
                text = NARROW_STORE.matcher(text).replaceFirst("$1r$2");
                lines.add(instruction.group(1) + ": " + withTarget(text, symbols));
            }
        }
        return listings;
    }

    private static String withTarget(String text, Map<String, Long> symbols) {
        Matcher target = TARGET.matcher(text);
        if (!target.matches()) {
            return text;
        }
        long symbol = symbols.getOrDefault(target.group(2), -1L);
        long offset = target.group(3) == null ? 0 : Long.parseLong(target.group(3), 16);
        return target.group(1) + " -> " + (symbol + offset);
    }

    private List<String> objdump(Collection<byte[]> objects) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(OBJDUMP), "skipped: llvm-objdump-19 is not installed");
        // Without a version LLVM takes what version 4 brought for unknown.
        List<String> command = new ArrayList<>(List.of(OBJDUMP.toString(), "-d", "--no-show-raw-insn", "--mcpu=v4"));
        for (byte[] object : objects) {
            command.add(
                    Files.write(folder.resolve(command.size() + ".o"), object).toString());
        }
        Path output = folder.resolve("listing");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
