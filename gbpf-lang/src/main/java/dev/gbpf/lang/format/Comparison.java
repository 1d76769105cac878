package dev.gbpf.lang.format;

import java.util.function.Consumer;

/** Compares a text that comes in pieces with a whole one. */
final class Comparison implements Consumer<String> {
    private final String wanted;
    private int position;
    private boolean same = true;

    Comparison(String wanted) {
        this.wanted = wanted;
    }

    @Override
    public void accept(String piece) {
        same = same && wanted.startsWith(piece, position);
        position += piece.length();
    }

    /** Whether the pieces so far are all of the text. */
    boolean isEqual() {
        return same && position == wanted.length();
    }
}
