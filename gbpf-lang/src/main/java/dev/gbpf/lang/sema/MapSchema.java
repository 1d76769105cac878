package dev.gbpf.lang.sema;

import dev.gbpf.abi.MapKind;
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

    public boolean isArray() {
        return definition.kind() == MapKind.ARRAY;
    }

    String name() {
        return definition.name();
    }
}
