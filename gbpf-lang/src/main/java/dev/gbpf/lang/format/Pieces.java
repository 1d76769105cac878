package dev.gbpf.lang.format;

import dev.gbpf.lang.syntax.SyntaxTree;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Parts of a rule that are laid out together, one stretch after the other. */
final class Pieces {
    private final List<SyntaxTree> parts;
    /** Where each begins, and at last the end. */
    private final int[] starts;

    private final int size;

    private Pieces(List<SyntaxTree> parts, int[] starts, int size) {
        this.parts = parts;
        this.starts = starts;
        this.size = size;
    }

    /** What stands in lines of its own: parts up to a semicolon, a comma or a brace, with what separates it from the next. */
    static Pieces lines(List<SyntaxTree> parts) {
        int[] starts = new int[parts.size() + 1];
        int size = 0;
        boolean ended = true;
        for (int i = 0; i < parts.size(); i++) {
            SyntaxTree tree = parts.get(i);
            boolean separator = tree instanceof Leaf leaf && (leaf.is(";") || leaf.is(","));
            if (ended && !(separator && size > 0)) {
                starts[size++] = i;
            }
            Leaf last = tree.last();
            ended = last.is(";") || last.is(",") || last.is("}");
        }
        return new Pieces(parts, ended(starts, size, parts.size()), size);
    }

    /** Single parts, and brackets with what they hold. */
    static Pieces brackets(List<SyntaxTree> parts) {
        int[] starts = new int[parts.size() + 1];
        int size = 0;
        for (int i = 0; i < parts.size(); i++) {
            starts[size++] = i;
            i = Math.max(i, Brackets.closing(parts, i));
        }
        return new Pieces(parts, ended(starts, size, parts.size()), size);
    }

    private static int[] ended(int[] starts, int size, int end) {
        int[] exact = Arrays.copyOf(starts, size + 1);
        exact[size] = end;
        return exact;
    }

    int size() {
        return size;
    }

    /** Where it begins among the parts of the rule. */
    int start(int piece) {
        return starts[piece];
    }

    List<SyntaxTree> get(int piece) {
        return parts.subList(starts[piece], starts[piece + 1]);
    }

    /** Two layouts for each piece: what stands before it, and the piece. */
    static Layout alternating(int pieces, IntFunction<Layout> before, IntFunction<Layout> piece, Layout... last) {
        return new Layout.Sequence(
                2 * pieces + last.length,
                i -> i >= 2 * pieces ? last[i - 2 * pieces] : i % 2 == 0 ? before.apply(i / 2) : piece.apply(i / 2));
    }
}
