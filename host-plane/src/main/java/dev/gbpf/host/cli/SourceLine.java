package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.PolicyObject;
import tools.jackson.databind.node.ObjectNode;

/** Where an instruction comes from, in JSON: a line of the policy, or of a file that it imports, whose name is then given. */
final class SourceLine {
    private SourceLine() {}

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
