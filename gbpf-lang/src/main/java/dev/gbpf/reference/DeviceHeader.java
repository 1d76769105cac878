package dev.gbpf.reference;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.Plane;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code abi.h}: the interface as the device plane's sources see it, which fill contexts and read verdicts. Plain C11 and C++, for
 * the host's compiler and for CUDA's alike.
 */
public final class DeviceHeader {
    /** Its name in an {@code #include}, after {@code gbpf/}. */
    public static final String FILE_NAME = "abi.h";

    private final CText out = new CText();

    private DeviceHeader() {}

    /** The text, as this build defines it. */
    public static String render() {
        DeviceHeader header = new DeviceHeader();
        header.begin();
        header.hooks();
        header.verdicts();
        header.constants();
        header.maps();
        header.helpers();
        header.contexts();
        header.out.append("\n#endif\n");
        return header.out.toString();
    }

    /** The device hooks, in the order of their numbers. */
    public static List<Hook> deviceHooks() {
        return Arrays.stream(Hook.values())
                .filter(hook -> hook.plane() == Plane.DEVICE)
                .toList();
    }

    /** The name of a constant that belongs to a hook: {@code GBPF_KIND_SM_TICK}. */
    public static String ofHook(String kind, Hook hook) {
        return "GBPF_" + kind + "_" + hook.symbol().toUpperCase(Locale.ROOT);
    }

    /** The name of a helper's number. */
    public static String helperName(Helper helper) {
        return "GBPF_HELPER_" + helper.symbol().toUpperCase(Locale.ROOT);
    }

    private void begin() {
        out.append("/*\n * abi.h: what device programs are asked and answer, interface version ");
        out.append(AbiVersion.CURRENT).append(".\n").append("""
                 *
                 * Generated from the schema of the interface; do not edit. Plain C11 and C++.
                 */
                #ifndef GBPF_ABI_H
                #define GBPF_ABI_H

                #include <assert.h>
                #include <stddef.h>
                #include <stdint.h>

                """);
        define("ABI_MAJOR", AbiVersion.CURRENT.major(), "");
        define("ABI_MINOR", AbiVersion.CURRENT.minor(), "");
    }

    private void hooks() {
        out.title("Hooks: number, budget of instructions, and the verdict when there is no program");
        for (Hook hook : deviceHooks()) {
            out.comment(
                    "",
                    hook.symbol() + ": " + hook.doc() + " Left out, "
                            + hook.verdict().defaultDoc() + ".");
            number(ofHook("HOOK", hook), hook.id());
            number(ofHook("BUDGET", hook), hook.budget());
            number(ofHook("DEFAULT", hook), hook.verdict().defaultVerdict());
            number(ofHook("LEAST", hook), hook.verdict().min());
            number(ofHook("GREATEST", hook), hook.verdict().max());
            out.append("\n");
        }
        out.comment("", "Device hooks are numbered from the first; there are this many.");
        number("GBPF_FIRST_DEVICE_HOOK", deviceHooks().getFirst().id());
        number("GBPF_DEVICE_HOOKS", deviceHooks().size());
    }

    private void verdicts() {
        out.title("Verdicts");
        Map<String, Long> seen = new HashMap<>();
        for (Hook hook : deviceHooks()) {
            List<NamedValue> fresh = new ArrayList<>();
            for (NamedValue name : hook.verdict().names()) {
                Long known = seen.putIfAbsent(name.name(), name.value());
                if (known == null) {
                    fresh.add(name);
                } else if (known != name.value()) {
                    throw new IllegalStateException(name.name() + " of " + hook.symbol() + " is " + name.value()
                            + ", and " + known + " elsewhere; give the verdict another name");
                }
            }
            if (fresh.size() < hook.verdict().names().size()) {
                out.comment("", hook.symbol() + " has names of a hook above.");
            }
            for (NamedValue name : fresh) {
                define(name.name(), name.value(), hook.symbol() + ": " + name.doc());
            }
        }
    }

    private void constants() {
        out.title("Constants");
        for (NamedValue constant : Constants.all()) {
            out.comment("", constant.doc());
            String value = constant.value() == Constants.NONE ? "UINT64_MAX" : Long.toString(constant.value());
            define(CHeader.constantName(constant.name()), value);
        }
        out.title("Errors, as helpers return them");
        define("EPERM", Errno.EPERM, "Not permitted: the map is read-only.");
        define("ENOENT", Errno.ENOENT, "No such key, queue or job.");
        define("E2BIG", Errno.E2BIG, "Too big: the map is full, or the index is out of range.");
        define("EAGAIN", Errno.EAGAIN, "Try again: a ring buffer has no room.");
        define("EEXIST", Errno.EEXIST, "It is there already.");
        define("EINVAL", Errno.EINVAL, "An argument is out of its range.");
        define("ENOSPC", Errno.ENOSPC, "No room for another.");
    }

    private void maps() {
        out.title("Kinds of maps");
        for (MapKind kind : MapKind.values()) {
            number("GBPF_MAP_" + kind.name(), kind.number());
        }
    }

    private void helpers() {
        out.title("Helpers that device programs may call, by number");
        for (Helper helper : Helper.values()) {
            if (Helper.onDevice().contains(helper)) {
                define(helperName(helper), String.format(Locale.ROOT, "0x%x", helper.id()));
            }
        }
    }

    private void contexts() {
        out.title("Contexts: a program loads whole fields, and stores to those marked as outputs");
        for (Hook hook : deviceHooks()) {
            ContextLayout layout = hook.context();
            out.append("struct ").append(layout.name()).append(" {\n");
            for (ContextField field : layout.fields()) {
                out.comment("    ", (field.perLane() ? "Of each lane. " : "") + field.doc());
                out.append(field.width() == Width.W ? "    uint32_t " : "    uint64_t ");
                out.append(field.name()).append(";\n");
            }
            out.append("};\n");
            for (ContextField field : layout.fields()) {
                out.append("static_assert(offsetof(struct ")
                        .append(layout.name())
                        .append(", ");
                out.append(field.name()).append(") == ").append(field.offset());
                out.append(", \"").append(field.name()).append("\");\n");
            }
            out.append("static_assert(sizeof(struct ").append(layout.name()).append(") == ");
            out.append(layout.size()).append(", \"").append(layout.name()).append("\");\n\n");
        }
    }

    private void define(String name, long value, String doc) {
        if (!doc.isEmpty()) {
            out.comment("", doc);
        }
        number(CHeader.constantName(name), value);
    }

    private void number(String name, long value) {
        define(name, value < 0 ? "(" + value + ")" : Long.toString(value));
    }

    private void define(String name, String value) {
        out.append("#define ").append(name).append(' ').append(value).append('\n');
    }
}
