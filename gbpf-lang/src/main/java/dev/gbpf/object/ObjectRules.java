package dev.gbpf.object;

import dev.gbpf.isa.Program;
import java.util.List;

/** Rules that reader and writer both hold an object to, each with the offset to blame (or none, when writing). */
final class ObjectRules {
    private ObjectRules() {}

    static void checkName(String what, String name, int offset) {
        if (name.isEmpty() || name.length() > ObjectLayout.MAX_NAME_LENGTH) {
            throw new ObjectFormatException(
                    ObjectProblem.NAME,
                    offset,
                    what + " has length=" + name.length(),
                    "use 1 to " + ObjectLayout.MAX_NAME_LENGTH + " letters, digits and underscores");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!ObjectLayout.isNameCharacter(c)) {
                throw new ObjectFormatException(
                        ObjectProblem.NAME,
                        offset,
                        String.format("%s has the character 0x%02x at index=%d", what, (int) c, i),
                        "use letters, digits and underscores only");
            }
        }
    }

    static void checkLines(List<LineInfo> lines, Program program, String hook, int offset) {
        int previous = -1;
        for (LineInfo line : lines) {
            if (line.pc() <= previous || program.indexOf(line.pc()) < 0) {
                throw new ObjectFormatException(
                        ObjectProblem.LINES,
                        offset,
                        "line information of hook " + hook + " has pc=" + line.pc() + " after pc=" + previous + " in a"
                                + " program of " + program.slots() + " slots",
                        "give the pc of instructions, ascending");
            }
            if (line.line() < 1 || line.column() < 1 || line.length() < 1) {
                throw new ObjectFormatException(
                        ObjectProblem.LINES,
                        offset,
                        "line information of hook " + hook + " at pc=" + line.pc() + " has line=" + line.line()
                                + " column=" + line.column() + " length=" + line.length(),
                        "count lines, columns and lengths from 1");
            }
            previous = line.pc();
        }
    }

    static ObjectFormatException tooMany(ObjectProblem problem, String what, long count, int limit, int offset) {
        return new ObjectFormatException(
                problem, offset, what + "=" + count + " is over the limit of " + limit, "split or shorten the policy");
    }
}
