package dev.gbpf.object;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the keys and the values of a map are. */
public record MapTypes(DataLayout key, DataLayout value) {

    /** The structs that they are made of, each once, inner ones first. */
    public List<DataLayout.Struct> structs() {
        Set<DataLayout.Struct> found = new LinkedHashSet<>();
        collect(key, found);
        collect(value, found);
        return new ArrayList<>(found);
    }

    private static void collect(DataLayout layout, Set<DataLayout.Struct> found) {
        if (layout instanceof DataLayout.Struct struct && !found.contains(struct)) {
            struct.fields().forEach(f -> collect(f.layout(), found));
            found.add(struct);
        }
    }
}
