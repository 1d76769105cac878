package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.policytest.CompiledStep.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an expectation asks. */
public sealed interface Check {

    /**
     * Two values compare so.
     *
     * @param left a side
     * @param right the other side
     * @param kind what the values are, for messages
     * @param entries the entries of maps whose fields are compared, to be shown as a whole
     */
    record Comparison(BinaryOperator operator, Side left, Side right, Kind kind, List<Entry> entries) implements Check {
        public Comparison {
            entries = List.copyOf(entries);
        }
    }

    /**
     * An entry of a map.
     *
     * @param text as it is written
     * @param map the name of the map
     * @param key the element that holds its key
     */
    record Entry(String text, String map, int key) {}

    /**
     * A side of a comparison.
     *
     * @param value where it is
     * @param text as it is written
     * @param constant whether it is known without running anything
     */
    record Side(Value value, String text, boolean constant) {}

    /**
     * How to show values.
     *
     * @param bool whether they are truth values
     * @param verdictOf the hook whose verdicts they are, or null
     */
    record Kind(boolean bool, @Nullable Hook verdictOf) {}

    /**
     * An entry has these fields.
     *
     * @param type the struct's name
     * @param text the entry as it is written
     * @param fields all numbers of the struct
     */
    record Struct(String type, String text, List<Field> fields) implements Check {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A number in a struct.
     *
     * @param name with the names of the structs around it, as in {@code window.start}
     * @param found what the entry holds
     * @param expected what it should hold
     */
    record Field(String name, Value found, Value expected) {}

    /** A truth value. */
    record Truth(Value value) implements Check {}

    /** An entry is in its map, or is not; the value is 1 when it is. */
    record Presence(Value value, String text, boolean expected) implements Check {}

    /**
     * A record was emitted to a ring buffer since the test began, or none was.
     *
     * @param map the ring's name in the object
     * @param numbers the first numbers of the record; further ones may be anything
     */
    record Emitted(String map, List<Value> numbers, boolean expected) implements Check {
        public Emitted {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * The hook that was asked last called a helper so, or did not.
     *
     * @param event which helpers
     * @param arguments the first arguments; further ones may be anything
     */
    record Called(HelperEvent event, List<Value> arguments, boolean expected) implements Check {
        public Called {
            arguments = List.copyOf(arguments);
        }
    }
}
