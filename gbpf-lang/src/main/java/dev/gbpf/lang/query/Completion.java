package dev.gbpf.lang.query;

/**
 * Something that could stand at a place.
 *
 * @param label what is shown, and what the letters typed so far are compared with
 * @param kind what it is
 * @param detail a few words beside it
 * @param documentation Markdown, or empty
 * @param insertion what is written; {@code ${1:x}} are places to fill, in order, and {@code $0} is where the cursor ends
 */
public record Completion(String label, Kind kind, String detail, String documentation, String insertion) {

    /** What a completion is. */
    public enum Kind {
        KEYWORD,
        TYPE,
        HOOK,
        HELPER,
        FIELD,
        VERDICT,
        CONSTANT,
        MAP,
        VARIABLE
    }
}
