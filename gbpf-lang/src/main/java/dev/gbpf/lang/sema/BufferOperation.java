package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.lang.ast.Expression;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done with maps whose entries have no keys: values go in at one end and come out. */
public enum BufferOperation {
    /** Puts a value into a queue or stack. */
    PUSH(2, List.of(MapKind.QUEUE, MapKind.STACK), Helper.MAP_PUSH_ELEM),
    /** Takes the oldest value of a queue, the newest one of a stack. */
    POP(1, List.of(MapKind.QUEUE, MapKind.STACK), Helper.MAP_POP_ELEM),
    /** Gives the value that {@link #POP} would take. */
    PEEK(1, List.of(MapKind.QUEUE, MapKind.STACK), Helper.MAP_PEEK_ELEM),
    /** Hands a record to the reader of a ring buffer. */
    EMIT(2, List.of(MapKind.RINGBUF), Helper.RINGBUF_RESERVE, Helper.RINGBUF_SUBMIT);

    private final int arguments;
    private final List<MapKind> kinds;
    private final List<Helper> helpers;

    BufferOperation(int arguments, List<MapKind> kinds, Helper... helpers) {
        this.arguments = arguments;
        this.kinds = kinds;
        this.helpers = List.of(helpers);
    }

    /** The operation that a word stands for, unless the policy has a function of that name. */
    static Optional<BufferOperation> byWord(String word) {
        return Arrays.stream(values()).filter(o -> o.word().equals(word)).findFirst();
    }

    /** Whether a call puts a value somewhere, so that there may be no room. */
    public static boolean takesValue(Expression.Call call) {
        return byWord(call.function().name())
                .filter(BufferOperation::takesValue)
                .isPresent();
    }

    /** As it is written. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The map and, where it puts one there, a value. */
    int arguments() {
        return arguments;
    }

    /** Whether it puts a value there; else it gives one. */
    boolean takesValue() {
        return arguments == 2;
    }

    String signature() {
        return word() + (takesValue() ? "(map, value)" : "(map)");
    }

    /** The maps that it is for. */
    List<MapKind> kinds() {
        return kinds;
    }

    /** What it calls, in order. */
    public List<Helper> helpers() {
        return helpers;
    }
}
