package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.object.ObjectWriter;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings policies to the daemon: verified here first, where messages can show the source. */
final class PolicyUpload {
    private final Session session;
    private final DaemonLink link;

    PolicyUpload(Session session, DaemonLink link) {
        this.session = session;
        this.link = link;
    }

    /** Loads a policy of the library, or a file; what the daemon says of it. */
    JsonNode load(String policy) {
        InputFile file = isFile(policy) ? InputFile.read(session.console(), policy, "policy") : null;
        PolicyInput input = file == null
                ? PolicyInput.named(session.console(), PolicyLibrary.ofClassPath(), policy)
                : PolicyInput.of(session.console(), file);
        VerifiedPolicy verified = VerifiedPolicy.of(input);
        // An object goes as it is: it may be signed.
        byte[] bytes =
                file != null && PolicyInput.isObject(file) ? file.bytes() : ObjectWriter.write(verified.object());
        if (!session.json()) {
            session.printDiagnostics(input.warnings(), input.object().source());
        }
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("object", Base64.getEncoder().encodeToString(bytes));
        return link.call("policy.load", parameters);
    }

    /** What the daemon calls a policy that it has, or that is loaded now: a file, or a policy of the library. */
    String reference(String policy) {
        if (isFile(policy)) {
            return load(policy).path("tag").asString();
        }
        Optional<JsonNode> known = link.lookUp("policy.show", named(policy));
        if (known.isPresent()) {
            return known.get().path("tag").asString();
        }
        PolicyLibrary library = PolicyLibrary.ofClassPath();
        if (library.policy(policy).isEmpty()) {
            throw unknown(policy, library);
        }
        return load(policy).path("tag").asString();
    }

    private CliException unknown(String policy, PolicyLibrary library) {
        Set<String> names = new LinkedHashSet<>();
        link.call("policy.list").forEach(loaded -> names.add(loaded.path("name").asString()));
        String loaded = names.isEmpty() ? "" : "loaded are " + String.join(", ", names) + "; ";
        names.addAll(library.names());
        return new CliException(
                ExitCode.REFUSED,
                "no policy " + policy + " is loaded, and the library has none",
                Suggestion.closest(policy, names)
                        .map(name -> "did you mean " + name + "?")
                        .orElse(loaded + "gbpf policy list --library has the library's; a file needs its suffix"));
    }

    /** Whether a policy is named as a file: with a slash or a dot, or as standard input. */
    static boolean isFile(String policy) {
        return policy.equals("-") || policy.indexOf('/') >= 0 || policy.indexOf('.') >= 0;
    }

    static ObjectNode named(String policy) {
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("policy", policy);
        return parameters;
    }
}
