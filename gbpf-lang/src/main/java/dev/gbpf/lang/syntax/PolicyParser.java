package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.PolicyUnit;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Parses the text of a policy. Total: every text gives a tree or errors, in bounded time, memory and stack. */
public final class PolicyParser {
    /** UTF-16 units of a source, at most. */
    public static final int MAX_SOURCE_LENGTH = 1 << 20;

    private PolicyParser() {}

    /**
     * The tree of a source, or nothing when its shape is wrong; why is then among {@code diagnostics}. A tree may come
     * with errors about literals; it is whole all the same.
     */
    public static Optional<PolicyUnit> parse(SourceFile source, DiagnosticCollector diagnostics, ParserMode mode) {
        if (isTooLarge(source, diagnostics)) {
            return Optional.empty();
        }
        Positions positions = new Positions(source);
        // What is said about the meaning of a text whose shape is wrong would be guesswork: it is kept apart until the
        // end.
        DiagnosticCollector meaning = new DiagnosticCollector(source.name());
        AstBuilder builder = new AstBuilder(positions, meaning);
        TokenTable tokens = tokens(source, positions, diagnostics);
        if (tokens == null) {
            return Optional.empty();
        }
        GbpfParser parser = parser(new TokenCursor(tokens), positions, diagnostics);
        if (mode == ParserMode.EXACT_AMBIGUITY) {
            parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
            parser.addErrorListener(new AmbiguityListener());
        }
        TreePruner pruner = new TreePruner(builder, diagnostics);
        parser.addParseListener(pruner);
        Optional<GbpfParser.PolicyContext> rules = rules(parser, diagnostics);
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        pruner.buildEnded();
        Optional<PolicyUnit> unit = builder.build(rules.get());
        diagnostics.addAll(meaning);
        return unit;
    }

    /**
     * The syntax of a source to its last token, or nothing when its shape is wrong; why is then among {@code diagnostics}.
     * The text may be wrong otherwise: it can be laid out all the same.
     */
    public static Optional<SyntaxTree.Branch> syntax(SourceFile source, DiagnosticCollector diagnostics) {
        if (isTooLarge(source, diagnostics)) {
            return Optional.empty();
        }
        Positions positions = new Positions(source);
        TokenTable tokens = tokens(source, positions, diagnostics);
        if (tokens == null) {
            return Optional.empty();
        }
        TokenCursor cursor = new TokenCursor(tokens);
        GbpfParser parser = parser(cursor, positions, diagnostics);
        SyntaxTable table =
                new SyntaxTable(tokens, cursor, positions, source.text().length());
        parser.setBuildParseTree(false);
        parser.addParseListener(table);
        return rules(parser, diagnostics).map(_ -> table.root());
    }

    private static boolean isTooLarge(SourceFile source, DiagnosticCollector diagnostics) {
        if (source.text().length() <= MAX_SOURCE_LENGTH) {
            return false;
        }
        diagnostics
                .message(
                        ErrorCode.SOURCE_TOO_LARGE,
                        null,
                        "the source is too large: " + source.text().length() + " characters, at most "
                                + MAX_SOURCE_LENGTH + " are allowed")
                .help("a policy is one small file; split it into several policies")
                .report();
        return true;
    }

    /** The tokens of a source, or null when it cannot be parsed; why is then among {@code diagnostics}. */
    private static @Nullable TokenTable tokens(
            SourceFile source, Positions positions, DiagnosticCollector diagnostics) {
        TokenTable tokens = PolicyLexer.tokens(source, positions, diagnostics);
        boolean openComment =
                diagnostics.errors().stream().anyMatch(e -> e.code().equals(ErrorCode.UNTERMINATED_COMMENT.code()));
        return openComment || !TokenLimits.hold(tokens, positions, diagnostics) ? null : tokens;
    }

    private static GbpfParser parser(TokenCursor cursor, Positions positions, DiagnosticCollector diagnostics) {
        GbpfParser parser = new GbpfParser(cursor) {
            @Override
            public TerminalNode createTerminalNode(ParserRuleContext parent, Token token) {
                return token instanceof PolicyToken leaf ? leaf : super.createTerminalNode(parent, token);
            }
        };
        parser.removeErrorListeners();
        parser.setErrorHandler(new SyntaxErrorStrategy(positions, diagnostics));
        return parser;
    }

    private static Optional<GbpfParser.PolicyContext> rules(GbpfParser parser, DiagnosticCollector diagnostics) {
        try {
            GbpfParser.PolicyContext rules = parser.policy();
            return diagnostics.hasErrors() ? Optional.empty() : Optional.of(rules);
        } catch (ParseCancellationException e) {
            // The errors that made it give up are reported.
            return Optional.empty();
        }
    }
}
