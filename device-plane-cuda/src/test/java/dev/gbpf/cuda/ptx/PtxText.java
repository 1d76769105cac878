package dev.gbpf.cuda.ptx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions of a module of PTX as {@link PtxModule} writes it, instruction by instruction. */
final class PtxText {
    private static final Pattern FUNCTION =
            Pattern.compile("^(?:\\.visible )?\\.func \\(\\.param \\.b64 answer\\) (\\w+)\\((.*)\\)$");
    private static final Pattern LOCAL = Pattern.compile("^\\.local \\.align 16 \\.b8 %frame\\[(\\d+)];$");

    private final Map<String, Function> functions = new HashMap<>();

    /**
     * An instruction.
     *
     * @param guard the predicate without which it does nothing, with "!" when it must not hold; empty for none
     * @param opcode its parts
     * @param operands as they are written
     */
    record Step(String guard, List<String> opcode, List<String> operands) {}

    /** A function. */
    static final class Function {
        /** Names of its parameters. */
        final List<String> parameters;

        final List<Step> steps = new ArrayList<>();
        /** Bytes of its local memory. */
        int frameBytes;

        private final Map<String, Integer> labels = new HashMap<>();

        private Function(List<String> parameters) {
            this.parameters = parameters;
        }

        /** The step that a label is before. */
        int at(String label) {
            Integer step = labels.get(label);
            if (step == null) {
                throw new AssertionError("no label " + label);
            }
            return step;
        }
    }

    PtxText(String module) {
        Function current = null;
        for (String line : module.lines().map(String::strip).toList()) {
            Matcher head = FUNCTION.matcher(line);
            if (line.startsWith(".visible .entry")) {
                current = null; // nobody launches it
            } else if (head.matches()) {
                List<String> parameters = Arrays.stream(head.group(2).split(", ", -1))
                        .map(p -> p.substring(p.lastIndexOf(' ') + 1))
                        .toList();
                current = new Function(parameters);
                functions.put(head.group(1), current);
            } else if (current != null) {
                add(line, current);
            }
        }
    }

    Function function(String name) {
        Function function = functions.get(name);
        if (function == null) {
            throw new AssertionError("no function " + name);
        }
        return function;
    }

    private static void add(String line, Function to) {
        Matcher local = LOCAL.matcher(line);
        if (local.matches()) {
            to.frameBytes = Integer.parseInt(local.group(1));
        } else if (line.endsWith(":")) {
            to.labels.put(line.substring(0, line.length() - 1), to.steps.size());
        } else if (line.endsWith(";") && !line.startsWith(".")) {
            to.steps.add(step(line.substring(0, line.length() - 1)));
        } else if (!line.isEmpty() && !line.startsWith(".") && !line.equals("{") && !line.equals("}")) {
            throw new AssertionError("what is " + line);
        }
    }

    private static Step step(String line) {
        String guard = line.startsWith("@") ? line.substring(1, line.indexOf(' ')) : "";
        String rest = guard.isEmpty() ? line : line.substring(line.indexOf(' ') + 1);
        int space = rest.indexOf(' ');
        String opcode = space < 0 ? rest : rest.substring(0, space);
        List<String> operands = new ArrayList<>();
        if (space >= 0) {
            // Commas in brackets separate nothing here.
            Matcher operand =
                    Pattern.compile("\\{[^}]*}|\\([^)]*\\)|[^,\\s][^,]*").matcher(rest.substring(space));
            while (operand.find()) {
                operands.add(operand.group());
            }
        }
        return new Step(guard, List.of(opcode.split("\\.", -1)), operands);
    }
}
