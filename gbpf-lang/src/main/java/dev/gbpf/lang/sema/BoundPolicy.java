package dev.gbpf.lang.sema;

import java.util.List;

/** A policy without errors. */
public record BoundPolicy(String name, List<MapSchema> maps, List<BoundHook> hooks) {
    public BoundPolicy {
        maps = List.copyOf(maps);
        hooks = List.copyOf(hooks);
    }
}
