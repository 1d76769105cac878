package dev.gbpf.host.cli;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.asm.PolicyDisassembler;
import dev.gbpf.asm.Syntax;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.StateTrace;
import dev.gbpf.verifier.analysis.AnalysisResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the verifier knew before each instruction of a policy, whether it accepted it or not. */
final class VerifierTrace {
    private final PolicyObject object;
    private final Map<ProgramObject, StateTrace> traces = new LinkedHashMap<>();

    /**
     * The states of a policy's programs.
     *
     * @param analyses one per program; none when the object as such was refused
     */
    VerifierTrace(PolicyObject object, List<AnalysisResult> analyses) {
        this.object = object;
        for (int i = 0; i < object.programs().size(); i++) {
            AnalysisResult analysis = i < analyses.size() ? analyses.get(i) : null;
            traces.put(object.programs().get(i), new StateTrace(analysis == null ? null : analysis.states()));
        }
    }

    private StateTrace of(ProgramObject program) {
        return Objects.requireNonNull(traces.get(program), "a trace of each program");
    }

    /** The bytecode with the states as comments; after an instruction that just goes on, only what it changed. */
    String text() {
        return PolicyDisassembler.disassemble(object, Syntax.LLVM, this::notes);
    }

    private List<String> notes(ProgramObject program, int index) {
        List<Map<String, String>> states = of(program).before(index);
        if (states.isEmpty()) {
            return List.of("no execution gets here");
        }
        if (states.size() == 1) {
            return lines("", changes(program, index, states.getFirst()));
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            lines.addAll(lines((i + 1) + " of " + states.size() + ": ", states.get(i)));
        }
        return lines;
    }

    /** Of a state what differs from the one before the previous instruction, if that is the only way here. */
    private Map<String, String> changes(ProgramObject program, int index, Map<String, String> state) {
        if (index == 0 || !goesOn(program.program(), index)) {
            return state;
        }
        List<Map<String, String>> previous = of(program).before(index - 1);
        if (previous.size() != 1) {
            return state;
        }
        Map<String, String> changes = new LinkedHashMap<>(state);
        changes.entrySet().removeIf(e -> e.getValue().equals(previous.getFirst().get(e.getKey())));
        return changes;
    }

    /** Whether the instruction is reached from the one before it alone. */
    private static boolean goesOn(Program program, int index) {
        boolean label = Disassembler.labels(program).contains(program.pcOf(index));
        Instruction before = program.get(index - 1);
        return !label && !(before instanceof Instruction.CallLocal) && !(before instanceof Instruction.Exit);
    }

    private static List<String> lines(String prefix, Map<String, String> places) {
        List<String> lines = new ArrayList<>();
        places.forEach((place, value) -> lines.add(prefix + place + " = " + value));
        return lines;
    }

    /** Per program the instructions with all states. */
    void write(ArrayNode programs) {
        for (ProgramObject program : object.programs()) {
            ObjectNode node = programs.addObject();
            node.put("hook", program.hook().symbol());
            ArrayNode instructions = node.putArray("instructions");
            for (int i = 0; i < program.program().size(); i++) {
                int pc = program.program().pcOf(i);
                ObjectNode entry = instructions.addObject();
                entry.put("pc", pc);
                entry.put("text", Disassembler.text(program.program().get(i)));
                program.lineAt(pc).ifPresent(line -> entry.put("line", line.line()));
                ArrayNode states = entry.putArray("states");
                for (Map<String, String> state : of(program).before(i)) {
                    ObjectNode places = states.addObject();
                    state.forEach(places::put);
                }
            }
        }
    }
}
