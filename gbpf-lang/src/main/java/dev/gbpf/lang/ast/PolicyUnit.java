package dev.gbpf.lang.ast;

import java.util.List;

/**
 * One source file.
 *
 * @param name the policy's name
 * @param declarations in order
 * @param tests in order; no part of the policy
 */
public record PolicyUnit(Identifier name, List<Declaration> declarations, List<TestBlock> tests) {
    public PolicyUnit {
        declarations = List.copyOf(declarations);
        tests = List.copyOf(tests);
    }
}
