package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf policy show}: one policy that the daemon has loaded, or one of the library. */
@Command(
        name = "show",
        addMethodSubcommands = false,
        description = {
            "Shows a policy that the daemon has loaded: what each hook costs, and of the one that decides how often each was asked"
                    + " and what runs it, the interpreter or the jit. Else one of the library: what it does, when it is good and bad, and what each hook costs."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf policy show",
            "  gbpf policy show fifo",
            "  gbpf policy show --source fifo > mine.gbpf        # to begin a policy of your own"
        })
final class PolicyShowCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Parameters(
            paramLabel = "POLICY",
            arity = "0..1",
            description =
                    "Name, id or tag of a loaded policy, or a name of the library, as gbpf policy list has them. Default: the one that decides.")
    @Nullable
    String policy;

    @Option(names = "--source", description = "Its source, and nothing else.")
    boolean source;

    PolicyShowCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.NO_DAEMON, ExitCode.DENIED, ExitCode.REFUSED);
    }

    @Override
    public Integer call() {
        Optional<DaemonLink> found = source ? Optional.empty() : DaemonLink.find(session, daemon);
        if (found.isPresent()) {
            try (DaemonLink link = found.get()) {
                Optional<JsonNode> loaded =
                        link.lookUp("policy.show", PolicyUpload.named(policy == null ? deciding(link) : policy));
                if (loaded.isPresent()) {
                    print(loaded.get());
                    return ExitCode.OK.number();
                }
            }
        }
        if (policy == null) {
            throw new CliException(
                    ExitCode.USAGE, "which policy? no daemon runs in which one decides", "gbpf policy list has them");
        }
        return showLibrary(policy);
    }

    /** The id of the policy that decides. */
    private static String deciding(DaemonLink link) {
        for (JsonNode loaded : link.call("policy.list")) {
            if (loaded.path("active").asBoolean()) {
                return loaded.path("id").asString();
            }
        }
        throw new CliException(
                ExitCode.REFUSED, "no policy decides: the plane is in bypass", "gbpf policy swap POLICY");
    }

    private void print(JsonNode policy) {
        if (session.json()) {
            session.printJson(policy);
            return;
        }
        session.out()
                .append(policy.path("name").asString() + ", id "
                        + policy.path("id").asLong() + ", tag "
                        + policy.path("tag").asString()
                        + (policy.path("active").asBoolean() ? ", decides\n" : "\n"))
                .append("loaded by " + policy.path("loadedBy").asString() + " at "
                        + policy.path("loadedAt").asString() + "\n");
        JsonNode signed = policy.path("signedBy");
        if (signed.isString()) {
            session.out().append("signed by key " + signed.asString() + "\n");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  hook", "size", "worst case", "budget", "helper calls", "asked", "runs in"));
        for (JsonNode program : policy.path("programs")) {
            String hook = program.path("hook").asString();
            JsonNode decisions = policy.path("decisions");
            rows.add(List.of(
                    "  " + hook,
                    Text.grouped(program.path("instructions").asLong()),
                    Text.grouped(program.path("worstCaseInstructions").asLong()),
                    Text.grouped(program.path("budget").asLong()),
                    Text.grouped(program.path("worstCaseHelperCalls").asLong()),
                    decisions.isObject() ? Text.grouped(decisions.path(hook).asLong(0)) : "-",
                    policy.path("tiers").path(hook).asString("-")));
        }
        session.out().append(Text.table(rows, false, true, true, true, true, true, false));
        JsonNode device = policy.path("device");
        if (device.isObject()) {
            session.out().append(DeviceText.of(device) + "\n");
        }
        List<String> levers = levers(policy.path("levers"));
        if (!levers.isEmpty()) {
            session.out().append("levers: " + String.join(", ", levers) + "\n");
        }
    }

    /** How levers fare in the processes that are attached, as in {@code copy refused in 1 and works in 2}. */
    static List<String> levers(JsonNode levers) {
        List<String> words = new ArrayList<>();
        levers.properties().forEach(lever -> {
            List<String> states = new ArrayList<>();
            boolean mixed = lever.getValue().size() > 1;
            lever.getValue()
                    .properties()
                    .forEach(state -> states.add(
                            state.getKey() + (mixed ? " in " + state.getValue().asLong() : "")));
            words.add(lever.getKey() + " " + String.join(" and ", states));
        });
        return words;
    }

    private int showLibrary(String name) {
        PolicyLibrary library = PolicyLibrary.ofClassPath();
        LibraryPolicy policy = library.policy(name).orElseThrow(() -> PolicyInput.unknown(library, name));
        if (source && !session.json()) {
            session.out().append(policy.source().text());
            return ExitCode.OK.number();
        }
        VerifiedPolicy verified = VerifiedPolicy.of(PolicyInput.compile(policy.source()));
        if (session.json()) {
            ObjectNode document = Session.object();
            PolicyListCommand.write(policy, verified, document);
            document.put("source", policy.source().text());
            session.printJson(document);
            return ExitCode.OK.number();
        }
        session.out()
                .append(policy.comment())
                .append("\n\ntag " + verified.tag() + "\n")
                .append(verified.table());
        return ExitCode.OK.number();
    }
}
