package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Exit;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a branch around an exit one to the last exit of the code. */
final class ExitSharing {
    private ExitSharing() {}

    static LowCode share(LowCode code) {
        List<Line> lines = code.lines();
        int last = lines.size() - 1;
        if (lines.isEmpty() || !(lines.get(last).instruction() instanceof Exit)) {
            return code;
        }
        int shared = code.labels();
        List<Line> out = new ArrayList<>(lines.size() + 1);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            Branch turned = i + 2 < last ? turned(lines, i, shared) : null;
            if (turned != null) {
                out.add(line.with(turned));
                i++;
                continue;
            }
            if (i == last) {
                out.add(line.with(new Label(shared)));
            }
            out.add(line);
        }
        return new LowCode(out, code.registers(), shared + 1, code.frame());
    }

    /** The branch to {@code shared} that stands for the branch around an exit at a line; null when there is none. */
    private static @Nullable Branch turned(List<Line> lines, int at, int shared) {
        if (lines.get(at).instruction() instanceof Branch(JumpOp op, int left, Source right, int around)
                && lines.get(at + 1).instruction() instanceof Exit
                && lines.get(at + 2).instruction() instanceof Label(int id)
                && id == around) {
            JumpOp inverse = Conditions.inverse(op);
            return inverse == null ? null : new Branch(inverse, left, right, shared);
        }
        return null;
    }
}
