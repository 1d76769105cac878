package dev.gbpf.diagnostic;

/** How text occupies the cells of a terminal. */
public final class DisplayText {
    /** What a character is replaced with when showing it would disturb the line. */
    private static final String REPLACEMENT = "\uFFFD";

    private DisplayText() {}

    /** The text with every character that is not safe to print replaced; line ends count as unsafe. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(glyph(c)));
        return out.toString();
    }

    /** What to print for a code point (a tab is the caller's affair and counts as unsafe here). */
    static String glyph(int codePoint) {
        return isUnsafe(codePoint) ? REPLACEMENT : Character.toString(codePoint);
    }

    /** Cells that {@link #glyph} takes: 0 for combining marks, 2 for wide East Asian characters and emoji, else 1. */
    static int width(int codePoint) {
        if (isUnsafe(codePoint)) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    private static boolean isUnsafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // FORMAT holds the bidirectional controls and the zero-width joiners.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    /** The blocks that Unicode's East Asian Width (UAX 11) lists as wide or full-width. */
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0x303E)
                || (c >= 0x3041 && c <= 0xA4CF)
                || (c >= 0xA960 && c <= 0xA97F)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1F9FF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }
}
