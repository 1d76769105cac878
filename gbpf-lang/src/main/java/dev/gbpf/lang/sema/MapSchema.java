package dev.gbpf.lang.sema;

import dev.gbpf.object.MapDefinition;

/**
 * A map of the policy.
 *
 * @param index its place in the object's table of maps
 * @param definition sizes, capacity, and the name that the plane knows
 * @param key what its keys are
 * @param value what its values are
 */
public record MapSchema(int index, MapDefinition definition, StorageType key, DataType value) {

    /** Whether keys are indexes of entries that always exist. */
    public boolean isArray() {
        return definition.kind().isIndexed();
    }

    String name() {
        return definition.name();
    }
}
