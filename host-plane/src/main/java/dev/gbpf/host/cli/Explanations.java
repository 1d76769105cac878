package dev.gbpf.host.cli;

import dev.gbpf.asm.AssemblyProblem;
import dev.gbpf.diagnostic.ErrorCatalogue;
import dev.gbpf.host.bytecode.BytecodeProblem;
import dev.gbpf.object.ObjectProblem;
import dev.gbpf.object.elf.ElfProblem;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the codes of messages mean, of the compiler, the verifier and the readers of files together. */
final class Explanations {
    private static final String OBJECT_TEXT =
            "A compiled policy (.gbo) was refused before anything in it was believed; the message names the byte offset."
                    + " docs/object-format.md describes the format.";
    private static final String SCENARIO_TEXT =
            "The scenario cannot be run as it is; the message shows the place. docs/scenario.md describes every field.";

    private static final String BYTECODE_TEXT =
            "A raw program of gbpf bytecode was not run or verified; the message shows the place. docs/bytecode-tools.md"
                    + " describes what is read and written.";

    private static final String ELF_TEXT =
            "An object that clang made was refused; the message names the section and the offset or the symbol."
                    + " docs/c-policies.md tells what a policy in C may hold.";

    private final Map<String, Explanation> byCode = new TreeMap<>();

    /**
     * What a code means.
     *
     * @param code a letter and four digits
     * @param title a few words
     * @param text why it is refused, in sentences
     * @param help what to do about it, or empty
     * @param examples sources that show it, as lines to print, or empty
     */
    record Explanation(String code, String title, String text, String help, String examples) {}

    Explanations() {
        for (ErrorCatalogue.Entry entry : ErrorCatalogue.compiler().entries()) {
            put(new Explanation(
                    entry.code(),
                    entry.title(),
                    entry.explanation(),
                    entry.fix(),
                    examples(entry.example(), entry.fixedExample())));
        }
        for (AssemblyProblem problem : AssemblyProblem.values()) {
            String title = "Assembly: " + problem.title();
            String examples = examples(problem.wrong(), problem.right());
            put(new Explanation(problem.code(), title, problem.explanation(), "", examples));
        }
        for (RejectionCode code : RejectionCode.values()) {
            add(code.code(), code.title(), code.explanation(), code.hint());
        }
        for (ObjectProblem problem : ObjectProblem.values()) {
            add(problem.code(), "Object file: " + problem.title(), OBJECT_TEXT, "compile the policy again");
        }
        for (BytecodeProblem problem : BytecodeProblem.values()) {
            add(problem.code(), "Raw bytecode: " + problem.title(), BYTECODE_TEXT, "");
        }
        for (ElfProblem problem : ElfProblem.values()) {
            add(problem.code(), "C policy: " + problem.title(), ELF_TEXT, "");
        }
        scenario("E0801", "it cannot be read, is not UTF-8, or is too long");
        scenario("E0802", "not YAML, or a part of YAML that is not supported");
        scenario("E0803", "an unknown field");
        scenario("E0804", "a required field is not there");
        scenario("E0805", "another kind of value was expected");
        scenario("E0806", "a value that cannot be understood: no unit, an unknown unit, an unknown word");
        scenario("E0807", "a value out of its range, or too much work in all");
        scenario("E0808", "something that must be unique is there twice");
        scenario("E0809", "a tenant, policy, trace or file that is not there");
        scenario("E0810", "fields that contradict each other, or swaps out of order");
        scenario("E0811", "a trace that is not in its format");
    }

    private void scenario(String code, String title) {
        add(code, "Scenario: " + title, SCENARIO_TEXT, "");
    }

    private void add(String code, String title, String text, String help) {
        put(new Explanation(code, title, text, help, ""));
    }

    private void put(Explanation explanation) {
        Explanation earlier = byCode.put(explanation.code(), explanation);
        if (earlier != null) {
            throw new IllegalStateException(
                    "code " + explanation.code() + " means both " + earlier.title() + " and " + explanation.title());
        }
    }

    /** A wrong source and the right one, indented; empty when there is none. */
    private static String examples(@Nullable String wrong, @Nullable String right) {
        StringBuilder text = new StringBuilder();
        if (wrong != null) {
            text.append("Wrong:\n\n").append(wrong.indent(4));
        }
        if (right != null) {
            text.append("\nRight:\n\n").append(right.indent(4));
        }
        return text.toString();
    }

    /** All of them, in the order of their codes. */
    Collection<Explanation> all() {
        return byCode.values();
    }

    /** All codes, in order. */
    Collection<String> codes() {
        return byCode.keySet();
    }

    /** What a code means; capitals do not matter. */
    Optional<Explanation> of(String code) {
        return Optional.ofNullable(byCode.get(code.toUpperCase(Locale.ROOT)));
    }
}
