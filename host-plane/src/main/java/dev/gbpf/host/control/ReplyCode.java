package dev.gbpf.host.control;

import java.util.Arrays;
import java.util.Optional;

/** Why a request was not carried out. The words are an interface: they never change their meaning. */
public enum ReplyCode {
    BAD_MESSAGE("bad_message", "The line is no JSON object, or is too long or too deep; nothing was done."),
    BAD_VERSION("bad_version", "The request is of a version of the protocol that the daemon does not speak."),
    UNKNOWN_METHOD("unknown_method", "The daemon has no such method."),
    BAD_PARAMETER("bad_parameter", "A parameter is missing, is not of its type, or is out of range."),
    DENIED("denied", "The user at the other end has no role that allows it."),
    UNSIGNED("unsigned", "The object has no signature, and the daemon takes only signed ones."),
    BAD_SIGNATURE(
            "bad_signature", "The object's signature is of a key that the daemon does not trust, or does not hold."),
    BAD_OBJECT("bad_object", "What was sent is no policy object."),
    REJECTED("rejected", "The verifier rejects the policy; `diagnostics` say why."),
    REFUSED(
            "refused",
            "The policy's `init` refused, or the state of the plane does not allow it; nothing has changed."),
    NOT_FOUND("not_found", "There is no policy, map, entry, hook or tenant of that name."),
    AMBIGUOUS("ambiguous", "The name fits several; the message lists them."),
    FULL("full", "A limit of the daemon is reached: clients, policies, or large requests at once."),
    NOT_RECORDED("not_recorded", "The disk did not take the record; the message says whether the change was made."),
    STOPPED("stopped", "The plane has stopped, or does so."),
    INTERNAL("internal", "A bug in the daemon; its log has more.");

    private final String word;
    private final String meaning;

    ReplyCode(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** The word in replies. */
    public String word() {
        return word;
    }

    /** One sentence for the reference. */
    public String meaning() {
        return meaning;
    }

    /** The code of a word. */
    public static Optional<ReplyCode> byWord(String word) {
        return Arrays.stream(values()).filter(c -> c.word.equals(word)).findFirst();
    }
}
