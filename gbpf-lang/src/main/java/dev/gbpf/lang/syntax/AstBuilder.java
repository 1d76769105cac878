package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.TestBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Turns ANTLR's tree of a text without syntax errors into a {@link PolicyUnit}. */
final class AstBuilder {
    private final Names names;
    private final ExpressionBuilder expressions;
    private final StatementBuilder statements;
    private final TestBuilder tests;
    private final Positions positions;
    private final DiagnosticCollector diagnostics;

    AstBuilder(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
        this.names = new Names(positions, diagnostics);
        this.expressions = new ExpressionBuilder(names, positions, diagnostics);
        this.statements = new StatementBuilder(names, expressions, positions, diagnostics);
        this.tests = new TestBuilder(names, expressions, statements, positions, diagnostics);
    }

    Optional<PolicyUnit> build(GbpfParser.PolicyContext tree) {
        if (tree.POLICY() == null) {
            Token first = tree.getStart();
            diagnostics
                    .message(ErrorCode.MISSING_POLICY_NAME, positions.of(first), "the policy has no name")
                    .label("expected `policy NAME;` before this")
                    .help("begin the file with, for example, `policy my_policy;`")
                    .note("maps belong to the policy's name and keep their contents when a new version is swapped in")
                    .report();
            return Optional.empty();
        }
        List<Declaration> declarations = new ArrayList<>();
        List<TestBlock> blocks = new ArrayList<>();
        for (GbpfParser.DeclarationContext declaration : tree.declaration()) {
            if (declaration.test() != null) {
                blocks.add(tests.build(declaration.test()));
            } else {
                declarations.add(declaration(declaration));
            }
        }
        return Optional.of(new PolicyUnit(names.read(tree.ID()), declarations, blocks));
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
        return new Declaration.Constant(
                names.read(tree.ID()), names.type(tree.typeClause()), expressions.build(tree.expression()));
    }

    private Declaration struct(GbpfParser.StructContext tree) {
        List<Declaration.Struct.Field> fields = tree.structField().stream()
                .map(f -> new Declaration.Struct.Field(names.read(f.ID(0)), names.read(f.ID(1))))
                .toList();
        return new Declaration.Struct(names.read(tree.ID()), fields);
    }

    private Declaration map(GbpfParser.MapContext tree) {
        List<Identifier> types = tree.types.stream().map(names::read).toList();
        return new Declaration.Map(
                names.read(tree.ID(0)), names.read(tree.kind), types, expressions.build(tree.capacity));
    }

    private Declaration function(GbpfParser.FunctionContext tree) {
        List<Declaration.Parameter> parameters = tree.parameter().stream()
                .map(p -> new Declaration.Parameter(names.read(p.name), names.read(p.type)))
                .toList();
        Identifier result = tree.result == null ? null : names.read(tree.result);
        return new Declaration.Function(names.read(tree.name), parameters, result, statements.block(tree.block()));
    }

    private Declaration hook(GbpfParser.HookContext tree) {
        return new Declaration.Hook(names.read(tree.name), names.read(tree.context), statements.block(tree.block()));
    }
}
