package dev.gbpf.lang.query;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.lang.syntax.SourceToken;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what words stand for, by the rules of {@code docs/language.md}, section 4. */
final class MeaningFinder {
    private final Outline outline;
    private final List<SourceToken> tokens;

    MeaningFinder(Outline outline) {
        this.outline = outline;
        this.tokens = outline.tokens();
    }

    /** What the word at an index stands for. */
    Optional<Meaning> of(int index) {
        SourceToken token = tokens.get(index);
        if (token.kind() == SourceToken.Kind.KEYWORD) {
            return Optional.of(new Meaning.Keyword(token.text()));
        }
        if (outline.isMember(index)) {
            return index < 2 ? Optional.empty() : field(contextOf(index - 2), token);
        }
        if (outline.isLabel(index)) {
            return field(invoked(outline.nesting().opener(index)), token);
        }
        return hookName(index)
                .or(() -> outline.definition(token.text(), token.start())
                        .filter(d -> d.kind() != Definition.Kind.HOOK)
                        .<Meaning>map(Meaning.Declared::new))
                .or(() -> helper(index))
                .or(() -> wellKnown(token));
    }

    /** The hook around an offset, when it lies in one. */
    Optional<Hook> hookAround(int offset) {
        return outline.around(offset)
                .filter(d -> d.kind() == Definition.Kind.HOOK)
                .flatMap(d -> Hook.byName(d.name().text()));
    }

    /** The hook whose context the name at an index stands for. */
    Optional<Hook> contextOf(int index) {
        SourceToken token = tokens.get(index);
        return outline.definition(token.text(), token.start())
                .filter(d -> d.kind() == Definition.Kind.CONTEXT)
                .flatMap(d -> hookAround(d.name().start()));
    }

    /** The hook that a test asks with the fields in the brace at an index. */
    Optional<Hook> invoked(int brace) {
        return brace < 1 ? Optional.empty() : Hook.byName(tokens.get(brace - 1).text());
    }

    private static Optional<Meaning> field(Optional<Hook> hook, SourceToken token) {
        return hook.flatMap(h -> h.context().field(token.text()).map(f -> new Meaning.Field(h, f)));
    }

    private Optional<Meaning> hookName(int index) {
        boolean declared = index > 0 && tokens.get(index - 1).is("hook");
        boolean invoked = index + 1 < tokens.size() && tokens.get(index + 1).is("{");
        return declared || invoked
                ? Hook.byName(tokens.get(index).text()).map(Meaning.HookName::new)
                : Optional.empty();
    }

    private Optional<Meaning> helper(int index) {
        boolean called = index + 1 < tokens.size() && tokens.get(index + 1).is("(");
        return called ? Helper.byName(tokens.get(index).text()).map(Meaning.HelperName::new) : Optional.empty();
    }

    /** A verdict of the hook around, in tests of any; else a constant of the interface. */
    private Optional<Meaning> wellKnown(SourceToken token) {
        Optional<Hook> around = hookAround(token.start());
        Stream<Hook> hooks = around.isPresent() ? around.stream() : Arrays.stream(Hook.values());
        Optional<Meaning> verdict = hooks.<Meaning>flatMap(
                        h -> h.verdict().named(token.text()).map(v -> new Meaning.Verdict(h, v)).stream())
                .findFirst();
        return verdict.or(() -> Constants.byName(token.text()).map(Meaning.InterfaceConstant::new));
    }
}
