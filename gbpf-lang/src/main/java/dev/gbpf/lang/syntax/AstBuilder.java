package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Import;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.TestBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Turns ANTLR's tree of a text without syntax errors into a {@link PolicyUnit}, part by part from its leaves up. */
final class AstBuilder {
    private static final String LIBRARY = "std";
    private static final String SUFFIX = ".gbpf";

    private final Names names;
    private final ExpressionBuilder expressions;
    private final StatementBuilder statements;
    private final TestBuilder tests;
    private final Positions positions;
    private final DiagnosticCollector diagnostics;
    private final List<Import> imports = new ArrayList<>();
    private final List<Declaration> declarations = new ArrayList<>();
    private final List<TestBlock> blocks = new ArrayList<>();

    AstBuilder(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
        this.names = new Names(positions, diagnostics);
        this.expressions = new ExpressionBuilder(names, positions, diagnostics);
        this.statements = new StatementBuilder(names, expressions, positions, diagnostics);
        this.tests = new TestBuilder(names, expressions, statements, positions, diagnostics);
    }

    ExpressionBuilder expressions() {
        return expressions;
    }

    StatementBuilder statements() {
        return statements;
    }

    TestBuilder tests() {
        return tests;
    }

    /** Takes the next declaration of the text. */
    void add(GbpfParser.DeclarationContext tree) {
        if (tree.importDeclaration() != null) {
            imports(tree.importDeclaration());
        } else if (tree.test() != null) {
            blocks.add(tests.build(tree.test()));
        } else {
            declarations.add(declaration(tree));
        }
    }

    /** The text, of which all declarations were added. */
    Optional<PolicyUnit> build(GbpfParser.PolicyContext tree) {
        if (tree.POLICY() == null && tree.MODULE() == null) {
            Token first = tree.getStart();
            diagnostics
                    .message(ErrorCode.MISSING_POLICY_NAME, positions.of(first), "the policy has no name")
                    .label("expected `policy NAME;` before this")
                    .help("begin the file with, for example, `policy my_policy;`")
                    .note("maps belong to the policy's name and keep their contents when a new version is swapped in")
                    .report();
            return Optional.empty();
        }
        Identifier name = names.read(tree.ID());
        return Optional.of(
                new PolicyUnit(name, tree.MODULE() != null, imports, declarations, blocks, names.qualifiers()));
    }

    private void imports(GbpfParser.ImportDeclarationContext tree) {
        @Nullable
        Import read = tree.STRING() == null
                ? standard(tree, tree.path)
                : file(tree, tree.STRING().getSymbol());
        if (read != null) {
            imports.add(read);
        }
    }

    private @Nullable Import standard(GbpfParser.ImportDeclarationContext tree, Token token) {
        String[] parts = token.getText().split(Names.SEPARATOR, -1);
        SourceSpan span = positions.of(token);
        if (parts.length != 2 || !parts[0].equals(LIBRARY)) {
            diagnostics
                    .message(ErrorCode.UNKNOWN_MODULE, span, "there is no module `" + token.getText() + "`")
                    .label("no such module")
                    .help("modules that come with the compiler: `import " + LIBRARY + "::token_bucket;`\n"
                            + "files: `import \"common.gbpf\";`")
                    .report();
            return null;
        }
        Identifier alias = tree.alias == null ? new Identifier(parts[1], span) : names.read(tree.alias);
        return new Import(parts[1], true, alias, span);
    }

    private @Nullable Import file(GbpfParser.ImportDeclarationContext tree, Token token) {
        SourceSpan span = positions.of(token);
        String path = token.getText().substring(1, token.getText().length() - 1);
        if (tree.alias != null) {
            return new Import(path, false, names.read(tree.alias), span);
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        String stem = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
        if (!stem.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            diagnostics
                    .message(ErrorCode.IMPORT_PATH, span, "the name of this file is no name for a module")
                    .label("cannot stand before `::`")
                    .help("give it a name: `import " + token.getText() + " as common;`")
                    .report();
            return null;
        }
        return new Import(path, false, new Identifier(stem, span), span);
    }

    private Declaration declaration(GbpfParser.DeclarationContext tree) {
        if (tree.constant() != null) {
            return constant(tree.constant());
        }
        if (tree.struct() != null) {
            return struct(tree.struct());
        }
        if (tree.map() != null) {
            return map(tree.map());
        }
        return tree.function() != null ? function(tree.function()) : hook(tree.hook());
    }

    private Declaration constant(GbpfParser.ConstantContext tree) {
        return new Declaration.Constant(names.read(tree.ID()), names.type(tree.typeClause()), tree.expression().built);
    }

    private Declaration struct(GbpfParser.StructContext tree) {
        List<Declaration.Struct.Field> fields =
                tree.structField().stream().map(f -> f.built).toList();
        return new Declaration.Struct(names.read(tree.ID()), fields);
    }

    Declaration.Struct.Field field(GbpfParser.StructFieldContext tree) {
        return new Declaration.Struct.Field(names.read(tree.ID(0)), names.read(tree.ID(1)));
    }

    Declaration.Parameter parameter(GbpfParser.ParameterContext tree) {
        return new Declaration.Parameter(names.read(tree.ID(0)), names.read(tree.ID(1)));
    }

    private Declaration map(GbpfParser.MapContext tree) {
        List<Identifier> types = tree.types.stream().map(names::read).toList();
        return new Declaration.Map(
                names.read(tree.ID(0)), names.read(tree.kind), types, expressions.build(tree.capacity));
    }

    private Declaration function(GbpfParser.FunctionContext tree) {
        List<Declaration.Parameter> parameters =
                tree.parameter().stream().map(p -> p.built).toList();
        Identifier result = tree.result == null ? null : names.read(tree.result);
        return new Declaration.Function(names.read(tree.name), parameters, result, statements.block(tree.block()));
    }

    private Declaration hook(GbpfParser.HookContext tree) {
        return new Declaration.Hook(names.read(tree.name), names.read(tree.context), statements.block(tree.block()));
    }
}
