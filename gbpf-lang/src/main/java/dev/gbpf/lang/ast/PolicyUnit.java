package dev.gbpf.lang.ast;

import java.util.List;
import java.util.Set;

/**
 * One source file.
 *
 * @param name the policy's name, or the module's
 * @param isModule whether it is there to be imported
 * @param imports in order
 * @param declarations in order
 * @param tests in order; no part of the policy
 * @param qualifiers what stands before {@code ::} somewhere in the file
 */
public record PolicyUnit(
        Identifier name,
        boolean isModule,
        List<Import> imports,
        List<Declaration> declarations,
        List<TestBlock> tests,
        Set<String> qualifiers) {
    public PolicyUnit {
        imports = List.copyOf(imports);
        declarations = List.copyOf(declarations);
        tests = List.copyOf(tests);
        qualifiers = Set.copyOf(qualifiers);
    }
}
