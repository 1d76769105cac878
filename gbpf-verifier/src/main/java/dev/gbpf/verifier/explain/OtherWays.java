package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.explain.Place.InRegister;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is done to a value elsewhere than on the way that is explained, in words. */
final class OtherWays {
    private final ProgramText text;
    private final AnalysisStates states;

    OtherWays(ProgramText text, AnalysisStates states) {
        this.text = text;
        this.states = states;
    }

    /** Where pointers to the same memory are compared with null. */
    String nullTests(Pointer pointer) {
        Set<String> places = new LinkedHashSet<>();
        states.observe((context, index, state) -> {
            if (text.program().get(index) instanceof Instruction.CondJump jump
                    && jump.right() instanceof Immediate i
                    && i.value() == 0
                    && state.get(jump.left()) instanceof Pointer p
                    && p.maybeNull()
                    && p.region().equals(pointer.region())) {
                places.add(text.place(index));
            }
        });
        return places.isEmpty()
                ? ""
                : "; " + places.stream().limit(3).collect(Collectors.joining(", "))
                        + (places.size() == 1 ? " does, on another" : " do, on others");
    }

    /** Which instructions give a register its value, as the end of a sentence about a way without them. */
    String writers(Place place) {
        Set<String> others = new LinkedHashSet<>();
        Program program = text.program();
        if (place instanceof InRegister(Register register, var _)) {
            for (int i = 0; i < program.size() && others.size() < 3; i++) {
                if (Definition.written(program.get(i)) == register) {
                    others.add(text.place(i));
                }
            }
        }
        return others.isEmpty() ? "" : "; " + String.join(", ", others) + " would, but is not on it";
    }

    /** Which instructions of a loop change a register. */
    String writersInLoop(int header, Place place) {
        Set<String> lines = new LinkedHashSet<>();
        for (int i = states.order().position(header); i < states.order().loopEnd(header); i++) {
            BasicBlock block = states.graph().block(states.order().block(i));
            for (int k = block.first(); k <= block.last(); k++) {
                boolean own = block.context().depth() == place.frame();
                if (own
                        && place instanceof InRegister(Register register, var _)
                        && Definition.written(text.program().get(k)) == register) {
                    lines.add(text.place(k));
                }
            }
        }
        return lines.isEmpty()
                ? ""
                : lines.stream().limit(4).collect(Collectors.joining(", ", "", ""))
                        + (lines.size() == 1 ? " changes it" : " change it");
    }

    /** What the edges into a block bring, each different value once. */
    String incoming(int block, Place place) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < states.graph().inDegree(block); i++) {
            int edge = states.graph().inEdge(block, i);
            int last = states.graph().block(states.graph().edgeSource(edge)).last();
            for (EbpfState state : states.onEdge(edge)) {
                Value value = place.in(state);
                if (value != null) {
                    values.putIfAbsent(ValueText.of(value), text.place(last));
                }
            }
        }
        return values.entrySet().stream()
                .limit(4)
                .map(e -> e.getKey() + " from " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}
