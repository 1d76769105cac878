package dev.gbpf.lang.sema;

import java.util.List;

/**
 * A value for an entry of a map or for a part of one: its numbers, in the order in which they are computed.
 *
 * @param type what they make up
 * @param numbers one for each number of the type
 */
public record StoredValue(DataType type, List<Scalar> numbers) {
    public StoredValue {
        numbers = List.copyOf(numbers);
    }

    /** One number and where it goes in the map's value. */
    public record Scalar(Slot slot, BoundExpression value) {}
}
