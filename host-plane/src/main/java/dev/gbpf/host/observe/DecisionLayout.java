package dev.gbpf.host.observe;

/** Where the parts of a decision lie in its record of 64 bytes. */
final class DecisionLayout {
    /*
     *   0        8        16       24       32       40       48          52     56
     *   +--------+--------+--------+--------+--------+--------+-----------+------+--------+
     *   | version| at_ns  | job    | verdict| took_ns| image  | tenant u32| hook | unused |
     *   +--------+--------+--------+--------+--------+--------+-----------+------+--------+
     *
     * The version of the record with number n is 2n + 1 while it is written and 2n + 2 when it is whole; 0 before any.
     */
    static final int BYTES = 64;
    static final int VERSION = 0;
    static final int AT = 8;
    static final int JOB = 16;
    static final int VERDICT = 24;
    static final int TOOK = 32;
    static final int IMAGE = 40;
    static final int TENANT = 48;
    static final int HOOK = 52;

    private DecisionLayout() {}
}
