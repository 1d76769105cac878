package dev.gbpf.lang.query;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.sema.NameTypes;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SourceTokens;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The questions that can be asked about one text. Offsets are UTF-16 units from its start; those outside it mean nothing. Not
 * safe for use by several threads.
 */
public final class PolicyQuery {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    private final SourceFile source;
    private final Outline outline;
    private final MeaningFinder meanings;
    private @Nullable NameTypes types;

    public PolicyQuery(SourceFile source) {
        this.source = source;
        this.outline = Outline.of(source);
        this.meanings = new MeaningFinder(outline);
    }

    /**
     * What is to be said about a word.
     *
     * @param word where it stands
     * @param meaning what it stands for
     * @param text Markdown
     */
    public record Hover(SourceToken word, Meaning meaning, String text) {}

    /** What the word at an offset is; nothing for what is no word, has no meaning or needs no words. */
    public Optional<Hover> hover(int offset) {
        return word(offset).flatMap(index -> {
            SourceToken token = outline.tokens().get(index);
            return meanings.of(index)
                    .map(meaning -> new Hover(token, meaning, Descriptions.of(meaning, type(meaning))))
                    .filter(hover -> !hover.text().isEmpty());
        });
    }

    /** The declaration of the name at an offset, when the policy has it. */
    public Optional<Definition> definition(int offset) {
        return word(offset).flatMap(meanings::of).flatMap(meaning -> switch (meaning) {
            case Meaning.Declared(Definition definition) -> Optional.of(definition);
            case Meaning.HookName(var hook) -> outline.definition(hook.symbol(), offset);
            case Meaning.Field _,
                    Meaning.HelperName _,
                    Meaning.Verdict _,
                    Meaning.InterfaceConstant _,
                    Meaning.Keyword _ -> Optional.empty();
        });
    }

    /** Where the name at an offset is declared and used; nothing for what the policy does not declare. */
    public List<SourceToken> references(int offset) {
        return definition(offset).map(outline::references).orElse(List.of());
    }

    /** Where the name at an offset would have to be changed to rename it; nothing when it cannot be renamed. */
    public List<SourceToken> renamable(int offset) {
        return definition(offset)
                .filter(d -> d.kind() != Definition.Kind.HOOK)
                .map(outline::references)
                .orElse(List.of());
    }

    /** Whether a text can be the name of something. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches()
                && SourceTokens.of(new SourceFile("", text)).getFirst().kind() == SourceToken.Kind.NAME;
    }

    /** What could stand at an offset, the likeliest first. */
    public List<Completion> completions(int offset) {
        return CompletionFinder.at(outline, meanings, offset);
    }

    /** What stands at the top level of the file, in order. */
    public List<Definition> outline() {
        return outline.definitions().stream().filter(Definition::isGlobal).toList();
    }

    private Optional<Integer> word(int offset) {
        int index = outline.isInProse(offset) ? -1 : outline.wordAt(offset);
        return index < 0 ? Optional.empty() : Optional.of(index);
    }

    private @Nullable String type(Meaning meaning) {
        return meaning instanceof Meaning.Declared(Definition definition)
                ? types().of(
                                source,
                                source.lineOf(definition.name().start()),
                                source.columnOf(definition.name().start()))
                : null;
    }

    private NameTypes types() {
        if (types == null) {
            types = NameTypes.observe(() -> PolicyCompiler.compile(source));
        }
        return types;
    }
}
