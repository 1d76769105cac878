package dev.gbpf.host.daemon;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.scenario.Fields;
import dev.gbpf.host.scenario.Problems;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.YamlNode;
import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import dev.gbpf.host.scenario.YamlTreeReader;
import dev.gbpf.host.thread.CpuAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A daemon's configuration as its file has it; docs/daemon.md describes it. Names of files begin at the folder of the file.
 *
 * @param socket path of the socket, or empty
 * @param state directory of the records, or empty
 * @param group who may connect besides the owner and root, or empty
 * @param device what the plane decides for
 * @param deviceRuntime where the device programs of policies run
 * @param scenario file of device, tenants and work, or empty
 * @param policy what decides from the start, or empty
 * @param speed device time that passes in a unit of real time
 * @param cpu number of the processor that the thread which decides is to have, {@link DaemonConfig#ANY_CPU} for whichever
 * @param rehearse whether made-up policies are swapped first
 * @param metrics port on the loopback interface where metrics are served, 0 for nowhere
 * @param keys files of public keys whose policies are taken
 * @param unsigned whether objects without a signature are taken; when it does not say, they are if there are no keys
 * @param access who has which role
 */
public record ConfigFile(
        String socket,
        String state,
        String group,
        DeviceKind device,
        DeviceRuntimeKind deviceRuntime,
        String scenario,
        String policy,
        double speed,
        int cpu,
        boolean rehearse,
        int metrics,
        List<String> keys,
        Optional<Boolean> unsigned,
        List<Access> access) {
    /** What stands for a file when there is none. */
    public static final ConfigFile NONE = new ConfigFile(
            "",
            "",
            "",
            DeviceKind.SIMULATED,
            DeviceRuntimeKind.NONE,
            "",
            "",
            1,
            DaemonConfig.ANY_CPU,
            false,
            0,
            List.of(),
            Optional.empty(),
            List.of());

    private static final List<String> FIELDS = List.of(
            "socket",
            "state",
            "group",
            "device",
            "device-runtime",
            "scenario",
            "policy",
            "speed",
            "cpu",
            "rehearse",
            "metrics",
            "keys",
            "unsigned",
            "access");
    private static final int LONGEST = 4096;
    private static final int MOST_ENTRIES = 256;
    private static final double LEAST_SPEED = 1e-3;
    private static final double MOST_SPEED = 1e3;
    /** The greatest port of TCP. */
    public static final int MOST_PORT = 65_535;

    /**
     * A role for somebody.
     *
     * @param user a name or number, or empty
     * @param group a name or number, or empty
     * @param role what they may do
     */
    public record Access(String user, String group, Role role) {}

    public ConfigFile {
        keys = List.copyOf(keys);
        access = List.copyOf(access);
    }

    /**
     * Reads a text.
     *
     * @throws ScenarioException when it is no configuration
     */
    public static ConfigFile parse(SourceFile source) {
        Problems problems = new Problems(source);
        YamlNode root = new YamlTreeReader("configuration", source, problems).read();
        problems.throwIfAny();
        if (root == null) {
            throw new IllegalStateException("no document and no problem: " + source.name());
        }
        Fields fields = new Fields("the configuration", root, problems, FIELDS);
        String unsigned = fields.word("unsigned", List.of("allow", "refuse"), "");
        ConfigFile config = new ConfigFile(
                fields.text("socket", LONGEST, ""),
                fields.text("state", LONGEST, ""),
                fields.text("group", LONGEST, ""),
                DeviceKind.byWord(fields.word("device", DeviceKind.words(), DeviceKind.SIMULATED.word()))
                        .orElse(DeviceKind.SIMULATED),
                DeviceRuntimeKind.byWord(
                                fields.word("device-runtime", DeviceRuntimeKind.words(), DeviceRuntimeKind.NONE.word()))
                        .orElse(DeviceRuntimeKind.NONE),
                fields.text("scenario", LONGEST, ""),
                fields.text("policy", LONGEST, ""),
                fields.number("speed", LEAST_SPEED, MOST_SPEED, 1),
                fields.integer("cpu", 0, CpuAffinity.MOST, DaemonConfig.ANY_CPU),
                fields.word("rehearse", List.of("true", "false"), "false").equals("true"),
                fields.integer("metrics", 0, MOST_PORT, 0),
                texts(fields, problems),
                unsigned.isEmpty() ? Optional.empty() : Optional.of(unsigned.equals("allow")),
                access(fields, problems));
        problems.throwIfAny();
        return config;
    }

    private static List<YamlNode> items(Fields fields, String field, Problems problems) {
        List<YamlNode> items = fields.list(field);
        if (items.size() <= MOST_ENTRIES) {
            return items;
        }
        problems.add(
                Problems.OUT_OF_RANGE,
                fields.spanOf(field),
                "\"" + field + "\" has more than " + MOST_ENTRIES + " entries");
        return List.of();
    }

    private static List<String> texts(Fields fields, Problems problems) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items(fields, "keys", problems)) {
            if (item instanceof YamlScalar scalar
                    && !scalar.isNull()
                    && scalar.text().length() <= LONGEST) {
                texts.add(scalar.text());
            } else {
                problems.add(Problems.WRONG_TYPE, item.span(), "a key must be a file, not " + item.described());
            }
        }
        return texts;
    }

    private static List<Access> access(Fields config, Problems problems) {
        List<Access> list = new ArrayList<>();
        for (YamlNode item : items(config, "access", problems)) {
            Fields fields = new Fields("an access rule", item, problems, List.of("user", "group", "role"));
            fields.required("role");
            String user = fields.text("user", LONGEST, "");
            String group = fields.text("group", LONGEST, "");
            String role = fields.word("role", Role.words(), Role.OBSERVE.word());
            if (user.isEmpty() == group.isEmpty()) {
                problems.add(
                        Problems.CONTRADICTION,
                        item.span(),
                        "an access rule is for a \"user\" or for a \"group\"",
                        "",
                        "give one of them");
            }
            list.add(new Access(user, group, Role.byWord(role).orElse(Role.OBSERVE)));
        }
        return list;
    }
}
