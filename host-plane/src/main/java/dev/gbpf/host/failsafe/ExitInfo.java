package dev.gbpf.host.failsafe;

/**
 * How a policy was taken out. Immutable; safe for several threads.
 *
 * @param trip why
 * @param atNs when, by the plane's clock
 * @param policy its name
 * @param tag hash of its behaviour, hexadecimal
 * @param decisions that it made
 * @param quarantined whether it must not decide again before an operator says so
 * @param scene what was found
 */
public record ExitInfo(
        Trip trip, long atNs, String policy, String tag, long decisions, boolean quarantined, ExitScene scene) {
    /** All of it as a JSON document of at most {@link ExitDump#MAX_CHARACTERS} characters; written anew by each call. */
    public String dump() {
        return ExitDump.write(this);
    }
}
