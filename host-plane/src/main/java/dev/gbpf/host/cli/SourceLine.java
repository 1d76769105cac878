package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.PolicyObject;
import tools.jackson.databind.node.ObjectNode;

/** Where an instruction comes from: a line of the policy, or of a file that it imports, whose name is then given. */
final class SourceLine {
    private SourceLine() {}

    /** The line for people: {@code line 12}, or {@code fair.gbpf line 12} of an imported file. */
    static String text(PolicyObject object, LineInfo info) {
        SourceFile source = object.source();
        if (source == null) {
            return "line " + info.line();
        }
        SourceFile.Line line = source.locate(info.line());
        return (line.file().equals(source) ? "" : line.file().name() + " ") + "line " + line.line();
    }

    /** Adds the line to a node; gives the node. */
    static ObjectNode write(ObjectNode node, PolicyObject object, LineInfo info) {
        SourceFile source = object.source();
        if (source == null) {
            return node.put("line", info.line());
        }
        SourceFile.Line line = source.locate(info.line());
        if (!line.file().equals(source)) {
            node.put("file", line.file().name());
        }
        return node.put("line", line.line());
    }
}
