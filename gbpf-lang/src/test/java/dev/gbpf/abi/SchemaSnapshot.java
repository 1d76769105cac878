package dev.gbpf.abi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The interface in words that can be kept in a file: one line for each hook, verdict, field, helper, permission, constant and
 * kind of map, such as {@code field on_submit.tenant offset=64 bytes=4 access=read range=0..63}.
 */
final class SchemaSnapshot {
    private SchemaSnapshot() {}

    /** The interface as this build has it. */
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Hook hook : Hook.values()) {
            hook(hook, lines);
        }
        for (Helper helper : Helper.values()) {
            lines.add("helper " + helper.symbol() + " id=" + helper.id() + " arguments="
                    + helper.arguments().stream()
                            .map(a -> a.name() + ":" + a.kind())
                            .collect(Collectors.joining(","))
                    + " returns=" + helper.returnKind() + " range=" + helper.returnMin() + ".." + helper.returnMax()
                    + (Helper.onDevice().contains(helper) ? " lanes=" + spread(helper) : ""));
        }
        Constants.all().forEach(c -> lines.add("constant " + c.name() + " value=" + c.value()));
        for (MapKind kind : MapKind.values()) {
            lines.add("map " + kind.keyword() + " number=" + kind.number());
        }
        for (WellKnownMap map : WellKnownMap.values()) {
            lines.add("shared " + map.name() + " kind=" + map.kind().keyword() + " entries=" + map.entries() + " bytes="
                    + map.value().size());
            map.value()
                    .fields()
                    .forEach(f -> lines.add("entry " + map.name() + "." + f.name() + " offset=" + f.offset() + " bytes="
                            + f.width().bytes()));
        }
        return lines;
    }

    private static void hook(Hook hook, List<String> lines) {
        VerdictSpec verdict = hook.verdict();
        String name = hook.symbol();
        lines.add(
                "hook " + name + " id=" + hook.id() + " verdicts=" + verdict.min() + ".." + verdict.max() + " default="
                        + verdict.defaultVerdict() + " budget=" + hook.budget() + " size="
                        + hook.context().size() + device(hook.device()));
        verdict.names().forEach(v -> lines.add("verdict " + name + "." + v.name() + " value=" + v.value()));
        hook.context()
                .fields()
                .forEach(f -> lines.add("field " + name + "." + f.name() + " offset=" + f.offset() + " bytes="
                        + f.width().bytes() + " access=" + (f.writable() ? "write" : "read") + " range="
                        + Long.toUnsignedString(f.min()) + ".." + Long.toUnsignedString(f.max())
                        + (hook.device() == null ? "" : " lanes=" + (f.perLane() ? "own" : "same"))));
        hook.helpers().stream().map(Helper::symbol).sorted().forEach(h -> lines.add("call " + name + "." + h));
    }

    private static String spread(Helper helper) {
        return switch (helper.spread()) {
            case SAME -> "same";
            case BY_ARGUMENTS -> "arguments";
            case PER_LANE -> "own";
        };
    }

    private static String device(@Nullable DeviceProfile device) {
        return device == null
                ? ""
                : " lanes=" + (device.perLane() ? "own" : "same") + " flow="
                        + (device.uniformFlow() ? "uniform" : "any") + " division=" + (device.wideDivision() ? 64 : 32)
                        + " stack=" + device.stackBytes();
    }

    /** What an object made for {@code older} could rely on and {@code newer} does not give. */
    static List<String> incompatibilities(List<String> older, List<String> newer) {
        Map<String, Map<String, String>> now = new HashMap<>();
        newer.forEach(line -> now.put(subject(line), attributes(line)));
        List<String> found = new ArrayList<>();
        for (String line : older) {
            String subject = subject(line);
            Map<String, String> attributes = now.get(subject);
            if (attributes == null) {
                found.add(subject + " is gone");
                continue;
            }
            attributes(line).forEach((name, before) -> {
                String after = attributes.getOrDefault(name, "");
                if (!isCompatible(subject, name, before, after)) {
                    found.add(subject + ": " + name + " was " + before + ", and is " + after);
                }
            });
        }
        return found;
    }

    private static boolean isCompatible(String subject, String attribute, String before, String after) {
        return before.equals(after)
                || switch (attribute) {
                    case "budget", "size" -> Long.parseLong(after) > Long.parseLong(before);
                    // A verdict that was allowed stays so; a number that could not come still does not.
                    case "verdicts" -> contains(after, before, false);
                    case "range" -> contains(before, after, subject.startsWith("field "));
                    case "access" -> after.equals("write");
                    case "division", "stack" -> Long.parseLong(after) > Long.parseLong(before);
                    // What was the same in all lanes may have decided a branch.
                    case "lanes" -> after.equals("same");
                    case "flow" -> after.equals("any");
                    default -> false;
                };
    }

    private static boolean contains(String outer, String inner, boolean unsigned) {
        long[] out = bounds(outer, unsigned);
        long[] in = bounds(inner, unsigned);
        return out[0] <= in[0] && in[1] <= out[1];
    }

    /** Both bounds; unsigned ones shifted so that they compare as signed ones. */
    private static long[] bounds(String range, boolean unsigned) {
        String[] parts = range.split("\\.\\.", -1);
        long[] bounds = new long[2];
        for (int i = 0; i < 2; i++) {
            bounds[i] = unsigned ? Long.parseUnsignedLong(parts[i]) ^ Long.MIN_VALUE : Long.parseLong(parts[i]);
        }
        return bounds;
    }

    private static String subject(String line) {
        String[] words = line.split(" ", -1);
        return words[0] + " " + words[1];
    }

    private static Map<String, String> attributes(String line) {
        Map<String, String> attributes = new LinkedHashMap<>();
        String[] words = line.split(" ", -1);
        for (int i = 2; i < words.length; i++) {
            String[] parts = words[i].split("=", 2);
            attributes.put(parts[0], parts[1]);
        }
        return attributes;
    }
}
