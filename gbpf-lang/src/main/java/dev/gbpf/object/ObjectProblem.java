package dev.gbpf.object;

/** What can be wrong with a policy object. The codes are stable. */
public enum ObjectProblem {
    /** The first bytes are not those of a policy object. */
    NOT_AN_OBJECT("E0701", "not a policy object"),
    /** A format version that this build does not know. */
    FORMAT_VERSION("E0702", "unknown format version"),
    /** Made for an interface version that this build does not run. */
    ABI_VERSION("E0703", "interface version does not fit"),
    /** Cut short, followed by other bytes, or over the limit. */
    LENGTH("E0704", "wrong length"),
    /** The bytes were changed after they were written. */
    CHECKSUM("E0705", "checksum does not match"),
    /** Header fields or the section table contradict the format. */
    SECTION_TABLE("E0706", "bad section table"),
    /** A section that this build does not know and must not skip. */
    UNKNOWN_SECTION("E0707", "unknown section"),
    /** A name is empty, too long, or no word of letters, digits and underscores. */
    NAME("E0708", "bad name"),
    /** A map's schema is out of range, or there are too many. */
    MAP("E0709", "bad map"),
    /** Too many programs, two for a hook, or one that is too long. */
    PROGRAM("E0710", "bad program"),
    /** A program for a hook that this build does not have. */
    UNKNOWN_HOOK("E0711", "unknown hook"),
    /** The bytes of a program are not instructions of RFC 9669. */
    CODE("E0712", "bad instruction"),
    /** Line information is out of order or out of range. */
    LINES("E0713", "bad line information"),
    /** The source text or its name is too long or no UTF-8. */
    SOURCE("E0714", "bad source text"),
    /** A count or length reaches beyond its section, or leaves bytes over. */
    SECTION_CONTENT("E0715", "section content does not fit its length"),
    /** Types that do not fit their maps, contradict themselves, or are out of order. */
    TYPES("E0716", "bad types"),
    /** The bytes end like a signature, and there is none. */
    SIGNATURE("E0717", "bad signature");

    private final String code;
    private final String title;

    ObjectProblem(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The code of the diagnostic, E0701 to E0717. */
    public String code() {
        return code;
    }

    /** A few words for a heading. */
    public String title() {
        return title;
    }
}
