package dev.gbpf.lang.sema;

/** A map's value that is sure to be there. */
public sealed interface Location {

    /** The map. */
    MapSchema map();

    /** The value of an entry that was found. */
    record Found(Entry entry) implements Location {
        @Override
        public MapSchema map() {
            return entry.map();
        }
    }

    /** An element of an array map at an index below its capacity. */
    record Element(MapSchema map, int index) implements Location {}
}
