package dev.gbpf.lang.ast;

import java.util.List;

/** One source file: the policy's name and its declarations in order. */
public record PolicyUnit(Identifier name, List<Declaration> declarations) {
    public PolicyUnit {
        declarations = List.copyOf(declarations);
    }
}
