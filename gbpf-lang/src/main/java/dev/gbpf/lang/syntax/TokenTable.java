package dev.gbpf.lang.syntax;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.RandomAccess;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;

/** The tokens of a source, six bytes each; those that {@link #get} gives are made for the caller. */
final class TokenTable extends AbstractList<Token> implements RandomAccess {
    private static final int FIRST = 256;
    private static final int LONG = 0xFF;

    private final Lexer lexer;
    private final Positions positions;
    private byte[] types = new byte[FIRST];
    private int[] starts = new int[FIRST];
    /** Code points of each token; {@link #LONG} and more stand in {@link #longLengths}. */
    private byte[] lengths = new byte[FIRST];

    private final Map<Integer, Integer> longLengths = new HashMap<>();
    private int size;

    /** No tokens yet; {@code lexer} has the text. */
    TokenTable(Lexer lexer, Positions positions) {
        this.lexer = lexer;
        this.positions = positions;
    }

    @Override
    public boolean add(Token token) {
        if (size == types.length) {
            int larger = size + (size >> 1);
            types = Arrays.copyOf(types, larger);
            starts = Arrays.copyOf(starts, larger);
            lengths = Arrays.copyOf(lengths, larger);
        }
        types[size] = (byte) token.getType();
        starts[size] = token.getStartIndex();
        int length = token.getStopIndex() - token.getStartIndex() + 1;
        if (length >= LONG) {
            longLengths.put(size, length);
        }
        lengths[size++] = (byte) Math.min(length, LONG);
        return true;
    }

    @Override
    public Token get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("token " + index + " of " + size);
        }
        return new PolicyToken(this, index);
    }

    @Override
    public int size() {
        return size;
    }

    Lexer lexer() {
        return lexer;
    }

    int type(int index) {
        return types[index];
    }

    /** Its first code point. */
    int start(int index) {
        return starts[index];
    }

    /** Its last code point. */
    int stop(int index) {
        int length = lengths[index] & LONG;
        return starts[index] - 1 + (length == LONG ? longLengths.getOrDefault(index, LONG) : length);
    }

    /** From 1. */
    int line(int index) {
        return positions.line(starts[index]);
    }

    /** From 0. */
    int column(int index) {
        return positions.column(starts[index]);
    }
}
