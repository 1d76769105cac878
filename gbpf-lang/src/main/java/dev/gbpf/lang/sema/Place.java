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

    /** The entry that an {@code if let} found. */
    record Found(Entry entry) implements Place {
        @Override
        public Type type() {
            return entry.map().value().type();
        }
    }

    /** An element of an array map at an index below its capacity. */
    record Element(MapSchema map, int index) implements Place {
        @Override
        public Type type() {
            return map.value().type();
        }
    }
}
