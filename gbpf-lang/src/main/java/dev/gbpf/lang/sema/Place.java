package dev.gbpf.lang.sema;

import dev.gbpf.abi.ContextField;

/** What can be read and, where the language allows it, assigned to, without a question whether it is there. */
public sealed interface Place {

    /** The type of its value. */
    Type type();

    /** A variable. */
    record Local(Variable variable) implements Place {
        @Override
        public Type type() {
            return variable.type();
        }
    }

    /** A field of the context. */
    record Field(ContextField field) implements Place {
        @Override
        public Type type() {
            return Type.U64;
        }
    }

    /** A number in a map's value. */
    record Stored(Location location, Slot slot) implements Place {
        @Override
        public Type type() {
            return slot.type().type();
        }
    }
}
