package dev.gbpf.verifier.precision;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.explain.Explainer;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.ProgramText;
import dev.gbpf.verifier.platform.ProgramType;
import dev.gbpf.verifier.testkit.RandomCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares verdicts over random programs with those of Linux, as the tool behind {@link OracleInput} wrote them: how many agree,
 * and the differences by what either says; and whether programs that both accept return the same. A line may have {@code trace}, the pcs
 * that Linux went through as its log says, up to the refused one; then {@link LaxerReason} says why. Argument: the tool's output; and a
 * text, to print a program whose difference has it.
 */
final class OracleComparison {
    static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("hash", MapKind.HASH, 4, 16, 8),
            new MapDefinition("array", MapKind.ARRAY, 4, 64, 1),
            new MapDefinition("wide", MapKind.HASH, 8, 8, 8),
            new MapDefinition("input", MapKind.ARRAY, 4, 64, 1));
    static final ProgramType TYPE = ProgramType.raw(0, ProgramType.NO_BUDGET, EnumSet.allOf(Helper.class))
            .withAnyResults();
    private static final Pattern VERDICT = Pattern.compile("\"verdict\": \"(\\w+)\"");
    private static final Pattern REASON = Pattern.compile("\"log_tail\": \"(.*?)\", \"(?:id|trace)\"");
    private static final Pattern WAY = Pattern.compile("\"trace\": \\[([0-9, ]+)\\]");
    private static final Pattern RUN = Pattern.compile("\"run\": \\[(-?\\d+), (-?\\d+)\\]");
    private static final Pattern ID = Pattern.compile("\"id\": \"(-?\\d+)\"");

    private OracleComparison() {}

    static Program program(long seed) {
        return RandomCode.generatePortable(new Random(seed));
    }

    static boolean isAccepted(Program program) {
        return new Verifier().analyse(program, TYPE, MAPS).isAccepted();
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, List<Long>> differences = new TreeMap<>();
        int[] table = new int[4];
        ResultComparison results = new ResultComparison();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            long seed = Long.parseLong(group(ID, line));
            boolean linux = group(VERDICT, line).equals("accept");
            AnalysisResult result = new Verifier().analyse(program(seed), TYPE, MAPS);
            table[(linux ? 2 : 0) + (result.isAccepted() ? 1 : 0)]++;
            if (linux && result.isAccepted()) {
                Matcher run = RUN.matcher(line);
                boolean ran = run.find();
                results.compare(seed, program(seed), ran ? run.group(1) : "none", ran ? run.group(2) : "0");
            }
            if (linux != result.isAccepted()) {
                String reason = linux ? "stricter " + stricter(seed, result) : laxer(seed, result, line);
                differences.computeIfAbsent(reason, r -> new ArrayList<>()).add(seed);
            }
        }
        System.out.printf(
                "both accept %d, both reject %d, laxer %d, stricter %d%n", table[3], table[0], table[1], table[2]);
        System.out.println(results);
        differences.forEach((reason, seeds) -> {
            System.out.printf("%6d %s, such as %d%n", seeds.size(), reason, seeds.getFirst());
            if (arguments.length > 1 && reason.contains(arguments[1])) {
                Program program = program(seeds.getFirst());
                System.out.println(new Verifier().analyse(program, TYPE, MAPS).violations());
                for (int i = 0; i < program.size(); i++) {
                    System.out.println(program.pcOf(i) + ": " + Disassembler.text(program.get(i)));
                }
            }
        });
    }

    /** The rule, and what the explanation says of why it is not proved. */
    private static String stricter(long seed, AnalysisResult result) {
        Explanation first = new Explainer(ProgramText.of(program(seed), TYPE, MAPS))
                .explain(result)
                .getFirst();
        Set<Explanation.Kind> kinds = first.history().stream()
                .map(Explanation.HistoryEvent::kind)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Explanation.Kind.class)));
        String joined = kinds.contains(Explanation.Kind.WIDENED)
                ? " of a value that a loop changes"
                : kinds.contains(Explanation.Kind.JOINED) ? " of a value that several ways bring" : " on one way";
        return result.violations().getFirst().code() + joined;
    }

    /** Linux's message, or where the line has the way to the refused instruction, the reason. */
    private static String laxer(long seed, AnalysisResult result, String line) {
        String message = group(REASON, line);
        Matcher way = WAY.matcher(line);
        if (!way.find()) {
            return "laxer " + message.replaceAll("R?-?\\d+", "#");
        }
        List<Integer> pcs =
                Stream.of(way.group(1).split(", ")).map(Integer::valueOf).toList();
        LinuxWay linux = new LinuxWay(program(seed), Objects.requireNonNull(result.states()), pcs);
        String reason = new LaxerReason(linux).of(message);
        return "laxer " + (reason == null ? "UNEXPLAINED " + message.replaceAll("-?\\d+", "#") : reason);
    }

    private static String group(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }
}
