package dev.gbpf.host.report;

import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.ProgramText;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier found, as one HTML file for people: per program the graph of its blocks, and each block with its instructions,
 * their source, what is known before it, and where it leads. It needs no network, no script and no other file; texts that come
 * from policies are escaped wherever they stand.
 */
public final class ProofPage {
    private final PolicyObject object;
    private final VerificationResult result;
    private final Markup page = new Markup();

    private ProofPage(PolicyObject object, VerificationResult result) {
        this.object = object;
        this.result = result;
    }

    /**
     * The page of a policy.
     *
     * @param result with the states of the programs
     */
    public static String write(PolicyObject object, VerificationResult result) {
        ProofPage proof = new ProofPage(object, result);
        proof.write();
        return proof.page.toString();
    }

    private void write() {
        String verdict = result.isAccepted() ? "accepted" : "rejected";
        HtmlReport.head(page, object.name() + ": " + verdict, "proof.css");
        page.element("h1", "Policy " + object.name() + ": " + verdict).text("\n");
        if (result instanceof Rejected rejected) {
            String messages = new DiagnosticRenderer(object.source(), false).render(rejected.diagnostics());
            page.element("pre", messages).text("\n");
        }
        for (int i = 0; i < object.programs().size(); i++) {
            AnalysisResult analysis =
                    i < result.analyses().size() ? result.analyses().get(i) : null;
            program(i, object.programs().get(i), analysis);
        }
        page.closeLine().closeLine();
    }

    private List<Explanation> explanations(ProgramObject program) {
        return result instanceof Rejected rejected
                ? rejected.explanations().stream()
                        .filter(e -> e.program().equals(program.hook().symbol()))
                        .toList()
                : List.of();
    }

    private void program(int number, ProgramObject program, @Nullable AnalysisResult analysis) {
        ProgramText text = ProgramText.of(object, program, ProgramType.of(program.hook()));
        page.element("h2", program.hook().symbol()).text("\n");
        AnalysisStates states = analysis == null ? null : analysis.states();
        if (analysis == null || states == null) {
            page.element("p", "There are no states: the program was refused before it was analysed.");
            listing(text);
            return;
        }
        page.element(
                        "p",
                        analysis.isAccepted()
                                ? "At most " + analysis.instructions() + " of "
                                        + program.hook().budget() + " instructions, " + analysis.helperCalls()
                                        + " helper calls."
                                : "Rejected.")
                .text("\n");
        List<Explanation> explanations = explanations(program);
        Set<Integer> way = explanations.isEmpty()
                ? Set.of()
                : new HashSet<>(explanations.getFirst().blocks());
        new ControlFlowMap(page, "p" + number, text, analysis, states, way).draw();
        for (int i = 0; i < states.order().size(); i++) {
            int block = states.order().block(i);
            block("p" + number, text, analysis, states, states.graph().block(block), way, explanations);
        }
        unreached(text, states);
    }

    /** Instructions of a program that has no graph. */
    private void listing(ProgramText text) {
        page.open("table");
        for (int k = 0; k < text.program().size(); k++) {
            instruction(text, k, false);
        }
        page.closeLine();
    }

    private void block(
            String prefix,
            ProgramText text,
            AnalysisResult analysis,
            AnalysisStates states,
            BasicBlock block,
            Set<Integer> way,
            List<Explanation> explanations) {
        List<EbpfState> before = states.before(block.id());
        String style = "block" + (way.contains(block.id()) ? " path" : "") + (before.isEmpty() ? " dead" : "");
        page.open("div", "class", style, "id", prefix + "b" + block.id());
        page.element("h3", title(text, analysis, states, block)).text("\n");
        if (!before.isEmpty()) {
            states(before);
        }
        page.open("table");
        for (int k = block.first(); k <= block.last(); k++) {
            int index = k;
            boolean fault = explanations.stream().anyMatch(e -> e.violation().index() == index);
            instruction(text, k, fault);
        }
        page.closeLine();
        edges(prefix, text, states, block);
        page.closeLine();
    }

    private static String title(ProgramText text, AnalysisResult analysis, AnalysisStates states, BasicBlock block) {
        StringBuilder title = new StringBuilder("Block " + block.id() + ", " + text.place(block.first()));
        if (block.context().depth() > 0) {
            title.append(", in the function called at ")
                    .append(text.place(block.context().callIndex()));
        }
        int loop = states.order().isHeader(block.id())
                ? block.id()
                : states.order().enclosingHeader(block.id());
        if (states.order().isHeader(block.id())) {
            title.append(", head of a loop");
            for (LoopBound bound : analysis.loops()) {
                if (bound.header() == block.id()) {
                    title.append(" that goes back at most ")
                            .append(bound.iterations())
                            .append(" times: ")
                            .append(bound.counter());
                }
            }
        } else if (loop >= 0) {
            title.append(", in the loop of block ").append(loop);
        }
        if (states.before(block.id()).isEmpty()) {
            title.append(", no execution gets here");
        }
        return title.toString();
    }

    private void states(List<EbpfState> before) {
        page.open("details").element("summary", "known before it");
        for (int i = 0; i < before.size(); i++) {
            if (before.size() > 1) {
                page.element("p", "One of " + before.size() + ", number " + (i + 1) + ":");
            }
            page.open("table", "class", "state");
            before.get(i)
                    .places()
                    .forEach((place, value) -> page.open("tr")
                            .element("td", place)
                            .element("td", value)
                            .closeLine());
            page.closeLine();
        }
        page.closeLine();
    }

    private void instruction(ProgramText text, int index, boolean fault) {
        if (fault) {
            page.open("tr", "class", "fault");
        } else {
            page.open("tr");
        }
        page.element("td", Integer.toString(text.program().pcOf(index)), "class", "pc");
        page.element("td", text.instruction(index), "class", "code");
        page.element("td", source(text, index), "class", "source").closeLine();
    }

    /** The source line that an instruction begins; empty when it is that of the instruction before. */
    private String source(ProgramText text, int index) {
        Optional<Integer> line = text.line(index).map(l -> l.line());
        SourceFile source = object.source();
        if (line.isEmpty()
                || source == null
                || (index > 0 && text.line(index - 1).map(l -> l.line()).equals(line))) {
            return "";
        }
        SourceFile.Line at = source.locate(line.get());
        return text.place(index) + ": " + at.file().line(at.line()).strip();
    }

    private void edges(String prefix, ProgramText text, AnalysisStates states, BasicBlock block) {
        page.open("div", "class", "edges");
        boolean branches = text.program().get(block.last()) instanceof Instruction.CondJump;
        for (int edge = 2 * block.id() + 1; edge >= 2 * block.id(); edge--) {
            int target = states.graph().edgeTarget(edge);
            if (target < 0) {
                continue;
            }
            String word = !branches ? "goes on to " : (edge & 1) != 0 ? "taken: " : "not taken: ";
            page.text(word).element("a", "block " + target, "href", "#" + prefix + "b" + target);
            page.text(states.isTaken(edge) ? " " : " (never) ");
        }
        for (int i = 0; i < states.graph().inDegree(block.id()); i++) {
            int source = states.graph().edgeSource(states.graph().inEdge(block.id(), i));
            page.text(i == 0 ? "; from " : ", ").element("a", "block " + source, "href", "#" + prefix + "b" + source);
        }
        page.closeLine();
    }

    /** Instructions that are in no block: code that nothing jumps to. */
    private void unreached(ProgramText text, AnalysisStates states) {
        Set<Integer> shown = new HashSet<>();
        for (int i = 0; i < states.order().size(); i++) {
            BasicBlock block = states.graph().block(states.order().block(i));
            for (int k = block.first(); k <= block.last(); k++) {
                shown.add(k);
            }
        }
        if (shown.size() == text.program().size()) {
            return;
        }
        page.element("p", "Nothing leads to these instructions:").open("table");
        for (int k = 0; k < text.program().size(); k++) {
            if (!shown.contains(k)) {
                instruction(text, k, false);
            }
        }
        page.closeLine();
    }
}
