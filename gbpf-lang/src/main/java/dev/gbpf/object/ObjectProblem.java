package dev.gbpf.object;

/** What can be wrong with a policy object. The codes are stable. */
public enum ObjectProblem {
    /** The first bytes are not those of a policy object. */
    NOT_AN_OBJECT("E0901", "not a policy object"),
    /** A format version that this build does not know. */
    FORMAT_VERSION("E0902", "unknown format version"),
    /** Made for an interface version that this build does not run. */
    ABI_VERSION("E0903", "interface version does not fit"),
    /** Cut short, followed by other bytes, or over the limit. */
    LENGTH("E0904", "wrong length"),
    /** The bytes were changed after they were written. */
    CHECKSUM("E0905", "checksum does not match"),
    /** Header fields or the section table contradict the format. */
    SECTION_TABLE("E0906", "bad section table"),
    /** A section that this build does not know and must not skip. */
    UNKNOWN_SECTION("E0907", "unknown section"),
    /** A name is empty, too long, or no word of letters, digits and underscores. */
    NAME("E0908", "bad name"),
    /** A map's schema is out of range, or there are too many. */
    MAP("E0909", "bad map"),
    /** Too many programs, two for a hook, or one that is too long. */
    PROGRAM("E0910", "bad program"),
    /** A program for a hook that this build does not have. */
    UNKNOWN_HOOK("E0911", "unknown hook"),
    /** The bytes of a program are not instructions of RFC 9669. */
    CODE("E0912", "bad instruction"),
    /** Line information is out of order or out of range. */
    LINES("E0913", "bad line information"),
    /** The source text or its name is too long or no UTF-8. */
    SOURCE("E0914", "bad source text"),
    /** A count or length reaches beyond its section, or leaves bytes over. */
    SECTION_CONTENT("E0915", "section content does not fit its length");

    private final String code;
    private final String title;

    ObjectProblem(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The code of the diagnostic, E0901 to E0915. */
    public String code() {
        return code;
    }

    /** A few words for a heading. */
    public String title() {
        return title;
    }
}
